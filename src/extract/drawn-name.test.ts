import { drawnName } from './drawn-name.ts';

describe('the name of a drawn object', () => {
  it.each(['Unemployment rate, embargoed', 'GDP forecast 2026', 'rates.png', 'map_regions', 'Forecast'])(
    '%s is shown',
    (name) => {
      expect(drawnName(name)).toBe(name);
    },
  );

  it.each(['', 'Picture 3', 'Content Placeholder 12', 'Shape3', 'Rectangle', 'Zone de texte 2', 'Google Shape;54;p13'])(
    'of a program is not: %s',
    (name) => {
      expect(drawnName(name)).toBeUndefined();
    },
  );
});
