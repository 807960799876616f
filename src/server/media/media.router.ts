import express, { type Router } from 'express';

const HOUR = 3_600_000;

/**
 * Product images from MEDIA_ROOT, below /media. A shop on another origin may show them; a document among them (SVG)
 * runs nothing. What is not there goes on to the usual 404.
 */
export function mediaRouter(root: string): Router {
  const router = express.Router({ caseSensitive: true });
  router.use(
    '/media',
    express.static(root, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      maxAge: HOUR,
      setHeaders: (res) => {
        res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      },
    }),
  );
  return router;
}
