import type { Page } from 'playwright-core';

const minimumContrast = 4.5;
const visibleTexts =
  'button, h1, h2, h3, p, code, legend, summary, time, dt, dd, .text, .note, label span';

/** What of the page sticks out at the side. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth
      ? [`${scrollWidth - clientWidth} px wider than the window`]
      : [];
  });
}

/** Pairs of visible texts or controls that lie on top of each other. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate((selector) => {
    const visible = [...document.querySelectorAll(selector)].flatMap((element) => {
      const box = element.getBoundingClientRect();
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      const isHit = hit !== null && (element.contains(hit) || hit.contains(element));
      return box.width > 2 && box.height > 2 && isHit && element.checkVisibility()
        ? [{ element, box }]
        : [];
    });
    return visible.flatMap(({ element, box }, index) =>
      visible.slice(index + 1).flatMap((other) => {
        const isNested = element.contains(other.element) || other.element.contains(element);
        const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        const scrolls =
          (element.closest('.scroller, .panel') !== null) !==
          (other.element.closest('.scroller, .panel') !== null);
        return isNested || scrolls || width < 1 || height < 1
          ? []
          : [`"${element.textContent}" overlaps "${other.element.textContent}"`];
      }),
    );
  }, visibleTexts);
}

/** Texts whose colour is too close to what is behind them. */
function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(
    ({ selector, minimum }) => {
      const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (color: string): number => {
        const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
          const share = value / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const backgroundOf = (element: Element | null): string => {
        if (element === null) {
          return 'rgb(255, 255, 255)';
        }
        const { backgroundColor } = getComputedStyle(element);
        return channels(backgroundColor)[3] === 0
          ? backgroundOf(element.parentElement)
          : backgroundColor;
      };
      return [...document.querySelectorAll(selector)].flatMap((element) => {
        const text = element.textContent.trim();
        if (text === '' || element.matches(':disabled') || !element.checkVisibility()) {
          return [];
        }
        const pair = [getComputedStyle(element).color, backgroundOf(element)].map(luminance);
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        return ratio < minimum ? [`"${text}" has a contrast of only ${ratio.toFixed(2)}`] : [];
      });
    },
    { selector: visibleTexts, minimum: minimumContrast },
  );
}

/** Everything about the look of the sandbox page that a person would complain about; empty when all is well. */
export async function layoutProblems(page: Page): Promise<string[]> {
  return [...(await sideways(page)), ...(await overlaps(page)), ...(await faintTexts(page))];
}
