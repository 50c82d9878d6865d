/** What shows one item of a list, as long as it is there. */
export interface View<TItem> {
  readonly element: JQuery;
  update(item: TItem): void;
}

/**
 * Shows items by their id, each in the same view for as long as it is there, so that what a person has opened
 * stays open, and the keyboard's focus where it is. When what has the focus goes, what comes next gets it, or
 * else `otherwise`.
 */
export function keyedList<TItem extends { readonly id: string }>(
  parent: JQuery,
  otherwise: JQuery,
  make: (id: string) => View<TItem>,
): (items: readonly TItem[]) => void {
  let views = new Map<string, View<TItem>>();
  return (items) => {
    const old = views;
    const before = [...old.values()].map(({ element }) => element);
    const focused = document.activeElement;
    views = new Map(items.map(({ id }) => [id, old.get(id) ?? make(id)]));
    const elements = [...views.values()].map(({ element }) => element);
    putInOrder(parent, elements);
    for (const item of items) views.get(item.id)?.update(item);
    const index = before.findIndex((element) => focused && element.is($(focused).parents()));
    if (index < 0 || isUsable(parent, document.activeElement)) return;
    const places = [before[index], elements[index], elements.at(-1)];
    const buttons = places.flatMap((place) => place?.find('button:enabled').get() ?? []);
    const heirs = [focused, ...buttons].filter((element) => isUsable(parent, element));
    $(heirs[0] ?? otherwise).trigger('focus');
  };
}

/** Moves no more than it has to: what is moved loses the focus. */
function putInOrder(parent: JQuery, elements: readonly JQuery[]): void {
  parent
    .children()
    .not(elements.flatMap((element) => element.get()))
    .remove();
  elements.forEach((element, index) => {
    const place = parent.children().eq(index);
    if (place.is(element)) return;
    if (place.length > 0) element.insertBefore(place);
    else element.appendTo(parent);
  });
}

function isUsable(parent: JQuery, element: Element | null): boolean {
  return element !== null && parent.has(element).length > 0 && $(element).is(':visible');
}
