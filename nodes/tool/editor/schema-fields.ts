import { paramProblem, schemaOf, type ToolParam } from '../../../src/shared/tool-schema.js';
import type { Translate } from '../../common/editor/red.js';
import { prepareParamTable, readParams } from './param-table.js';

/**
 * Prepares the two ways to say what a tool takes, a table or a JSON Schema, and keeps the preview of what
 * the agent will see up to date.
 */
export function prepareSchemaFields(
  saved: { readonly params: readonly ToolParam[]; readonly schema: string },
  translate: Translate,
): void {
  const mode = $('#poke-tool-mode').append(
    $('<option>', { value: 'table' }).text(translate('mode.table')),
    $('<option>', { value: 'schema' }).text(translate('mode.schema')),
  );
  prepareParamTable(saved.params, translate, () => {
    showPreview(translate);
  });
  mode.val(saved.schema.trim() === '' ? 'table' : 'schema').on('change', () => {
    if (isTable()) $('#node-input-schema').val('');
    else if (schemaText() === '') $('#node-input-schema').val(toText(schemaOf(readParams())));
    $('#node-input-schema').trigger('change');
    showMode();
  });
  showMode();
  showPreview(translate);
}

/** What is to be saved of them. */
export function readSchemaFields(): { params: ToolParam[]; schema: string } {
  return { params: readParams(), schema: isTable() ? '' : schemaText() };
}

function isTable(): boolean {
  return $('#poke-tool-mode').val() === 'table';
}

function schemaText(): string {
  return String($('#node-input-schema').val() ?? '').trim();
}

function showMode(): void {
  $('.poke-tool-table').toggle(isTable());
  $('.poke-tool-schema').toggle(!isTable());
}

function showPreview(translate: Translate): void {
  const params = readParams();
  const problem = paramProblem(params);
  const words = problem ? translate(`errors.${problem.reason}`, { name: problem.name }) : '';
  $('#poke-tool-params-error')
    .text(words)
    .toggle(words !== '');
  $('#poke-tool-preview').text(toText(schemaOf(params)));
}

function toText(schema: object): string {
  return JSON.stringify(schema, null, 2);
}
