import 'vega';

declare module 'vega' {
  /** How the library measures text; its documentation allows to replace `width`, its types leave it out. */
  export const textMetrics: {
    width: (
      item: { readonly fontSize?: number; readonly fontWeight?: string | number; readonly limit?: number },
      text: string | number | null,
    ) => number;
  };
}
