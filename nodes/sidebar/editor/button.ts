/** A button as Node-RED's sidebars have them. */
export function button(text: string, onClick: () => void): JQuery {
  return clickable('red-ui-button red-ui-button-small', onClick).text(text);
}

/** A text that leads somewhere, for the mouse and the keyboard. */
export function link(onClick: () => void): JQuery {
  return clickable('poke-deliveries-link', onClick);
}

function clickable(look: string, onClick: () => void): JQuery {
  return $('<button>', { type: 'button', class: look }).on('click', onClick);
}
