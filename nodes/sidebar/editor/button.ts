/** A button as Node-RED's sidebars have them. */
export function button(text: string, onClick: () => void): JQuery {
  return $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small' })
    .text(text)
    .on('click', onClick);
}
