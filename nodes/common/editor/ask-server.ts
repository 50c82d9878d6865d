/** Asks the server something as a dialog may; the URL is relative: Node-RED adds its root and the login. */
export function askServer<TAnswer>(path: string, question: object): JQuery.jqXHR<TAnswer> {
  return $.ajax({
    url: `poke/${path}`,
    method: 'POST',
    contentType: 'application/json',
    data: JSON.stringify(question),
  });
}
