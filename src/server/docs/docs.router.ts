import { createRequire } from 'node:module';
import { Router } from 'express';
import swaggerUi from 'swagger-ui-express';
import type { openApiDocument } from '../openapi.ts';

const REDOC_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Crossborder Trade API</title></head>
<body><div id="redoc" data-spec="/api/schema/"></div>
<script src="/api/redoc/redoc.standalone.js"></script><script src="/api/redoc/start.js"></script></body>
</html>
`;
const REDOC_START = `Redoc.init(document.getElementById('redoc').dataset.spec, { hideDownloadButton: false }, document.getElementById('redoc'));\n`;
/** ReDoc needs inline styles, a worker and blob images; scripts stay our own. */
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; font-src 'self' data:; connect-src 'self'";

/** Swagger UI, ReDoc and the document itself, all served from here: no CDN. */
export function docsRouter(document: () => ReturnType<typeof openApiDocument>): Router {
  const router = Router();
  router.get(['/api/schema', '/api/schema/'], async (req, res) => {
    const yaml =
      req.query.format === 'yaml' || (req.query.format === undefined && /yaml/.test(req.get('accept') ?? ''));
    if (!yaml) {
      res.type('application/vnd.oai.openapi+json').send(JSON.stringify(document()));
      return;
    }
    const { stringify } = await import('yaml');
    res.type('application/yaml').send(stringify(document(), { aliasDuplicateObjects: false }));
  });
  router.get('/api/docs', (req, res, next) =>
    req.path.endsWith('/') ? next() : res.redirect(301, '/api/docs/'),
  );
  router.use(
    '/api/docs/',
    swaggerUi.serve,
    swaggerUi.setup(undefined, { swaggerOptions: { url: '/api/schema/', validatorUrl: null } }),
  );
  router.get(['/api/redoc', '/api/redoc/'], (_req, res) => {
    res.setHeader('Content-Security-Policy', CSP);
    res.type('html').send(REDOC_PAGE);
  });
  router.get('/api/redoc/start.js', (_req, res) => {
    res.type('js').send(REDOC_START);
  });
  router.get('/api/redoc/redoc.standalone.js', (_req, res) => {
    res.sendFile(createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js'));
  });
  return router;
}
