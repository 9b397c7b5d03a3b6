/** Elements from a few words. */

/** What an element is made with: attributes; functions are listeners. */
export type Attributes = Readonly<Record<string, string | boolean | number | ((event: Event) => void)>>;

/** Makes an element. An attribute that is false is left out; text stands for itself. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/** A group of controls with a name. */
export function fieldset(legend: string, ...children: readonly (Node | string)[]): HTMLFieldSetElement {
  return element('fieldset', {}, element('legend', {}, legend), ...children);
}

/** Buttons of which one is pressed. */
export function choiceButtons<Value extends string>(
  values: readonly (readonly [value: Value, text: string])[],
  chosen: Value,
  onChosen: (value: Value) => void,
): HTMLButtonElement[] {
  const buttons = values.map(([value, text]) =>
    element(
      'button',
      {
        type: 'button',
        'aria-pressed': String(value === chosen),
        'data-value': value,
        click: () => {
          for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset['value'] === value));
          onChosen(value);
        },
      },
      text,
    ),
  );
  return buttons;
}
