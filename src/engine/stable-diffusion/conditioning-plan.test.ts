import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ConditioningPlan, fusions, planConditioning } from './conditioning-plan.ts';

/** A token for each word and each comma. */
const tokenizer = { encode: (text: string) => (text.match(/[a-z]+|,/g) ?? []).map((_, i) => i), length: 17, room: 15 };

const label = fc.constantFrom('sheep', 'tree', 'traffic light', 'old wooden boat');
const graphs = fc.array(label, { minLength: 1, maxLength: 9 }).chain((labels) => {
  const place = fc.nat(labels.length - 1);
  const relation = fc.record({ subject: place, predicate: fc.constantFrom('on', 'left of'), object: place });
  return fc.record({
    objects: fc.constant(labels.map((each) => ({ label: each, attributes: [] }))),
    relations: fc.array(relation, { maxLength: 6 }),
  });
});

const text = (plan: ConditioningPlan, i: number): string[] => {
  const [from, to] = plan.spans[i]!;
  const prompt = Math.floor(from / tokenizer.length);
  const words = plan.prompts[prompt]!.match(/[a-z]+|,/g)!;
  return words.slice(from - prompt * tokenizer.length - 1, to - prompt * tokenizer.length - 1);
};

test('every phrase stands where its span says, in prompts that are not too long; S_cond is whole prompts long', () => {
  fc.assert(
    fc.property(graphs, fc.constantFrom(undefined, ...fusions), (graph, fusion) => {
      const plan = planConditioning(graph, tokenizer, fusion);
      expect(plan.tooLong).toBeUndefined();
      for (const [i, phrase] of plan.phrases.entries()) expect(text(plan, i).join(' ')).toBe(phrase.text);
      for (const prompt of plan.prompts) expect(tokenizer.encode(prompt).length).toBeLessThanOrEqual(tokenizer.room);
      expect(plan.sources.length % tokenizer.length).toBe(0);
      for (const source of plan.sources) expect(source).toBeLessThan(plan.prompts.length * tokenizer.length);
      const told = plan.phrases.flatMap(({ objects }) => objects);
      expect(told.sort((a, b) => a - b)).toEqual(graph.objects.map((_, i) => i));
    }),
  );
});

test('interleaved: every token of the labels, the start among them, is there and followed by G_global; no word of a relation is', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const plan = planConditioning(graph, tokenizer, 'interleaved');
      const isGlobal = new Set(plan.globals);
      for (const [i, { objects }] of plan.phrases.entries()) {
        const [from, to] = plan.spans[i]!;
        for (let token = from; token < to; token++) {
          const at = plan.sources.indexOf(token);
          expect(at >= 0).toBe(objects.length > 0);
          if (objects.length > 0) expect(isGlobal.has(at + 1)).toBe(true);
        }
      }
      for (let start = 0; start < plan.sources.length; start += tokenizer.length) {
        expect([plan.sources[start], plan.sources[start + 1]]).toEqual([start, -1]);
      }
      for (const at of plan.globals) expect(plan.sources[at]).toBe(-1);
    }),
  );
});

test('interleaved, as the released code lays it out: t0 g t1 g … tn g, then the tokens that stood there', () => {
  const graph = { objects: ['sheep', 'tree'].map((each) => ({ label: each, attributes: [] })), relations: [] };
  // start sheep , tree: four tokens.
  const { sources, prompts } = planConditioning(graph, tokenizer, 'interleaved');
  expect(prompts).toEqual(['sheep, tree']);
  expect(sources).toEqual([0, -1, 1, -1, 2, -1, 3, -1, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
});

test('full: G_global has a token to itself, which no word has; labels: nothing but labels', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const full = planConditioning(graph, tokenizer, 'full');
      expect(full.globals).toEqual([full.sources.length - 1]);
      for (const [, to] of full.spans) expect(to).toBeLessThan(full.sources.length - 1);
      const labels = planConditioning(graph, tokenizer, 'labels');
      expect(labels.globals).toEqual([]);
      expect(labels).toEqual(planConditioning({ ...graph, relations: [] }, tokenizer, 'labels'));
    }),
  );
});

test('a label that no prompt has room for is named', () => {
  const long = Array.from({ length: 12 }, () => 'very').join(' ');
  const graph = { objects: [{ label: long, attributes: [] }], relations: [] };
  expect(planConditioning(graph, tokenizer, 'labels').tooLong).toBeUndefined();
  expect(planConditioning(graph, tokenizer, 'interleaved').tooLong).toBe(long);
});
