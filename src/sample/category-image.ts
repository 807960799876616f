import { randomOf } from './random.ts';

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A placeholder picture for a category, drawn from its slug alone: no font, no script, nothing from outside. */
export function categoryImage(slug: string, name: string): string {
  const random = randomOf(`image:${slug}`);
  const hue = random.between(0, 359);
  const shapes = Array.from({ length: 5 }, () => {
    const [x, y, r] = [random.between(40, 600), random.between(40, 440), random.between(30, 130)];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${(hue + random.between(10, 60)) % 360} 45% 60%)" opacity="0.5"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" role="img" aria-label="${escapeXml(name)}">`,
    `<rect width="640" height="480" fill="hsl(${hue} 40% 88%)"/>`,
    ...shapes,
    `<text x="320" y="256" text-anchor="middle" font-family="sans-serif" font-size="40" fill="hsl(${hue} 50% 22%)">${escapeXml(name)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}
