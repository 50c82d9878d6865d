const KEY_BYTES = 32;

/** Makes the button put a new random key into the field, and show it, so that it can be given to Poke. */
export function prepareKeyGenerator(): void {
  const shown = $('#poke-mcp-server-new-key');
  const rows = $('.poke-mcp-server-new-key').hide();
  $('#poke-mcp-server-generate').on('click', () => {
    const key = newKey();
    $('#node-config-input-accessKey').val(key).trigger('change');
    shown.val(key).trigger('change');
    rows.show();
    shown.trigger('focus').trigger('select');
  });
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
