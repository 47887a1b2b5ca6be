/** On paper the canvas is as it is on the screen, scaled to the width of the page. */

/** CSS pixels between the margins of A4 and of Letter. */
const PAGE = 660;

/** @returns the undo of its subscription */
export function preparePrinting(): () => void {
  const prepare = () => {
    const canvas = document.getElementById('canvas');
    const style = document.documentElement.style;
    const { offsetWidth: width = PAGE, offsetHeight: height = PAGE } = canvas ?? {};
    style.setProperty('--print-width', `${width}px`);
    style.setProperty('--print-height', `${height}px`);
    style.setProperty('--print-zoom', String(Math.min(1, PAGE / Math.max(1, width))));
  };
  addEventListener('beforeprint', prepare);
  return () => removeEventListener('beforeprint', prepare);
}
