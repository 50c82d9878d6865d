/** A typed input of a flow node's dialog. */
export interface TypedInputField {
  /** The property. With more than one type, the type is in the property `<name>Type`. */
  readonly name: string;
  readonly types: (
    | 'msg'
    | 'flow'
    | 'global'
    | 'str'
    | 'num'
    | 'bool'
    | 'json'
    | 'jsonata'
    | 'env'
  )[];
  /** What the field is called, for those who hear the dialog: a `<label>` does not reach the widget. */
  readonly label: string;
}

/** Makes the input of that name a typed input. */
export function prepareTypedInput({ name, types, label }: TypedInputField): void {
  const input = $(`#node-input-${name}`);
  if (types.length === 1) input.typedInput({ types });
  else input.typedInput({ types, typeField: `#node-input-${name}Type` });
  input
    .next('.red-ui-typedInput-container')
    .find('input, button, .red-ui-typedInput-type-select')
    .attr('aria-label', label);
}
