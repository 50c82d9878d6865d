import { PARAM_TYPES, type ToolParam } from '../../../src/shared/tool-schema.js';
import type { Translate } from '../../common/editor/red.js';

const ROW_CLASS = 'poke-tool-param';

/** Shows `params` in the table of the dialog; `onChange` is called whenever the user changes something. */
export function prepareParamTable(
  params: readonly ToolParam[],
  translate: Translate,
  onChange: () => void,
): void {
  const list = $('#poke-tool-params');
  list.editableList<Partial<ToolParam>>({
    addButton: translate('params.add'),
    removable: true,
    sortable: true,
    height: 'auto',
    addItem(row, _index, param) {
      fillRow(row, param, translate);
      // Node-RED's own button has a tooltip, and no name for those who do not see it.
      row
        .siblings('.red-ui-editableList-item-remove')
        .attr('aria-label', translate('params.remove'));
      row.on('input change', onChange);
      onChange();
    },
    removeItem: onChange,
    sortItems: onChange,
  });
  list.editableList('addItems', [...params]);
}

/** The parameters as the table has them. */
export function readParams(): ToolParam[] {
  return $(`#poke-tool-params .${ROW_CLASS}`).toArray().map(readRow);
}

function fillRow(row: JQuery, param: Partial<ToolParam>, translate: Translate): void {
  const text = (name: string, value: string, label: string, width: string) =>
    $('<input>', { type: 'text', placeholder: label, 'aria-label': label, 'data-field': name })
      .css({ width })
      .val(value);
  const type = $('<select>', { 'aria-label': translate('params.type'), 'data-field': 'type' })
    .css({ width: '110px', marginLeft: '6px' })
    .append(PARAM_TYPES.map((value) => $('<option>', { value }).text(value)))
    .val(param.type ?? 'string');
  const required = $('<input>', { type: 'checkbox', 'data-field': 'required' })
    .css({ width: 'auto', margin: '0 4px 0 10px' })
    .prop('checked', param.required ?? true);
  const label = $('<label>').css({ width: 'auto' });
  label.append(required, document.createTextNode(translate('params.required')));
  const options = (param.options ?? []).join(', ');
  row.addClass(ROW_CLASS).append(
    $('<div>').append(text('name', param.name ?? '', translate('params.name'), '35%'), type, label),
    $('<div>')
      .css({ marginTop: '4px' })
      .append(
        text('description', param.description ?? '', translate('params.description'), '55%'),
        text('options', options, translate('params.options'), '40%').css({ marginLeft: '6px' }),
      ),
  );
}

function readRow(row: HTMLElement): ToolParam {
  const field = (name: string) => $(row).find(`[data-field="${name}"]`);
  const textIn = (name: string) => String(field(name).val() ?? '').trim();
  const options = textIn('options')
    .split(',')
    .map((option) => option.trim());
  const given = options.filter((option) => option !== '');
  return {
    name: textIn('name'),
    type: textIn('type'),
    description: textIn('description'),
    required: field('required').prop('checked') === true,
    ...(given.length > 0 ? { options: given } : {}),
  };
}
