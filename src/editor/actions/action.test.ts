import { describe, expect, it } from 'vitest';
import { displayShortcut, matches } from './action.ts';

const stroke = (
  key: string,
  modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
});

describe('matches', () => {
  it('takes Mod as Ctrl, and as ⌘ on Apple machines', () => {
    expect(matches('Mod+Z', stroke('z', { ctrlKey: true }), false)).toBe(true);
    expect(matches('Mod+Z', stroke('z', { metaKey: true }), false)).toBe(false);
    expect(matches('Mod+Z', stroke('z', { metaKey: true }), true)).toBe(true);
    expect(matches('Mod+Z', stroke('z', { ctrlKey: true }), true)).toBe(false);
  });

  it('tells undo from redo by Shift', () => {
    const redo = stroke('Z', { ctrlKey: true, shiftKey: true });
    expect(matches('Mod+Z', redo, false)).toBe(false);
    expect(matches('Mod+Shift+Z', redo, false)).toBe(true);
  });

  it('accepts symbols however the keyboard layout types them', () => {
    expect(matches('?', stroke('?', { shiftKey: true }), false)).toBe(true);
    expect(matches('?', stroke('?'), false)).toBe(true);
    expect(matches('/', stroke('/', { ctrlKey: true }), false)).toBe(false);
  });

  it('takes a letter that is not Latin for the Latin one in its place', () => {
    const places = { я: 'KeyZ', ζ: 'KeyZ', ז: 'KeyZ', é: 'Digit2', ñ: 'Semicolon', q: 'KeyA' };
    const typed = Object.entries(places).map(([key, code]) => ({ ...stroke(key, { ctrlKey: true }), code }));
    expect(typed.map((event) => matches('Mod+Z', event, false))).toEqual([true, true, true, false, false, false]);
    // On a French keyboard the letter counts, wherever it lies.
    expect(matches('A', { ...stroke('a'), code: 'KeyQ' }, false)).toBe(true);
    expect(matches('Q', { ...stroke('a'), code: 'KeyQ' }, false)).toBe(false);
  });

  it('leaves plain letters to chords with other modifiers', () => {
    expect(matches('R', stroke('r'), false)).toBe(true);
    expect(matches('R', stroke('r', { ctrlKey: true }), false)).toBe(false);
    expect(matches('R', stroke('r', { altKey: true }), false)).toBe(false);
  });
});

describe('displayShortcut', () => {
  it('writes the keys as the machine names them', () => {
    expect(displayShortcut('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(displayShortcut('Mod+Shift+Z', true)).toBe('⌘⇧Z');
    expect(displayShortcut('Mod+Enter', false)).toBe('Ctrl+Enter');
  });
});
