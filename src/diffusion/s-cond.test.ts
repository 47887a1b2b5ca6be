import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inSCondOrder, sCondLayout } from './s-cond.ts';

it('gives every token one place, in the order in which the parts are joined', () => {
  const count = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(count, count, (O, T) => {
      const { tokens, global, objects, relations, style } = sCondLayout({ objects: O, relations: T });
      const joined = inSCondOrder({
        global: ['global'],
        objects: new Array<string>(O).fill('object'),
        relations: new Array<string>(T).fill('relation'),
        style: ['style'],
      }).flat();
      expect(joined).toHaveLength(tokens);
      expect([joined[global], joined[style]]).toEqual(['global', 'style']);
      expect(joined.slice(objects.start, objects.end)).toEqual(new Array(O).fill('object'));
      expect(joined.slice(relations.start, relations.end)).toEqual(new Array(T).fill('relation'));
    }),
  );
});
