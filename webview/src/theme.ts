/**
 * Colours and type of the panels. Inside VS Code every colour is the theme's; a standalone report gets the
 * same variables here, for light and dark by the reader's preference. Adopted style sheets need no
 * `style-src 'unsafe-inline'`.
 */
import { css, type CSSResult } from "lit";

/** The variables of a theme that the panels and their components read, for a page without a theme. */
const standaloneTheme = css`
  :root {
    color-scheme: light;
    --vscode-font-family: system-ui, -apple-system, "Segoe UI", Ubuntu, sans-serif;
    --vscode-editor-font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace;
    --vscode-font-size: 13px;
    --vscode-foreground: #3b3b3b;
    --vscode-descriptionForeground: #616161;
    --vscode-editor-background: #ffffff;
    --vscode-panel-border: #e5e5e5;
    --vscode-textLink-foreground: #005fb8;
    --vscode-focusBorder: #005fb8;
    --vscode-list-hoverBackground: #f2f2f2;
    --vscode-textCodeBlock-background: #f5f5f5;
    --vscode-charts-blue: #0063bf;
    --vscode-charts-purple: #652d90;
    --vscode-charts-lines: #8b8b8b;
    --vscode-testing-iconPassed: #388a34;
    --vscode-editorWarning-foreground: #895503;
    --vscode-errorForeground: #c72e0f;
    --vscode-button-background: #005fb8;
    --vscode-button-foreground: #ffffff;
    --vscode-button-hoverBackground: #0258a8;
    --vscode-button-secondaryBackground: #e5e5e5;
    --vscode-button-secondaryForeground: #3b3b3b;
    --vscode-button-secondaryHoverBackground: #cccccc;
    --vscode-settings-textInputBackground: #ffffff;
    --vscode-settings-textInputForeground: #3b3b3b;
    --vscode-settings-textInputBorder: #cecece;
    --vscode-settings-dropdownBackground: #ffffff;
    --vscode-settings-dropdownForeground: #3b3b3b;
    --vscode-settings-dropdownBorder: #cecece;
    --vscode-settings-dropdownListBorder: #cecece;
    --vscode-input-placeholderForeground: #767676;
    --vscode-progressBar-background: #005fb8;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      color-scheme: dark;
      --vscode-foreground: #cccccc;
      --vscode-descriptionForeground: #9d9d9d;
      --vscode-editor-background: #1f1f1f;
      --vscode-panel-border: #2b2b2b;
      --vscode-textLink-foreground: #4daafc;
      --vscode-focusBorder: #0078d4;
      --vscode-list-hoverBackground: #2a2d2e;
      --vscode-textCodeBlock-background: #2b2b2b;
      --vscode-charts-blue: #59a4f9;
      --vscode-charts-purple: #b180d7;
      --vscode-charts-lines: #7a7a7a;
      --vscode-testing-iconPassed: #73c991;
      --vscode-editorWarning-foreground: #cca700;
      --vscode-errorForeground: #f88070;
      --vscode-button-background: #0078d4;
      --vscode-button-hoverBackground: #026ec1;
      --vscode-button-secondaryBackground: #313131;
      --vscode-button-secondaryForeground: #cccccc;
      --vscode-button-secondaryHoverBackground: #3c3c3c;
      --vscode-settings-textInputBackground: #313131;
      --vscode-settings-textInputForeground: #cccccc;
      --vscode-settings-textInputBorder: #3c3c3c;
      --vscode-settings-dropdownBackground: #313131;
      --vscode-settings-dropdownForeground: #cccccc;
      --vscode-settings-dropdownBorder: #3c3c3c;
      --vscode-settings-dropdownListBorder: #454545;
      --vscode-input-placeholderForeground: #989898;
    }
  }
`;

const page = css`
  html {
    scroll-padding-top: 8px;
  }
  body {
    margin: 0;
    padding: 0 20px 32px;
    background: var(--vscode-editor-background);
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    line-height: 1.5;
  }
  @media (max-width: 480px) {
    body {
      padding: 0 12px 24px;
    }
  }
`;

export function dressPage(document: Document, standalone: boolean): void {
  const sheets: CSSResult[] = standalone ? [standaloneTheme, page] : [page];
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets.map((sheet) => sheet.styleSheet!)];
}

/** What the views and charts share: two series colours, four tones, and nothing else. */
export const tones = css`
  :host {
    --series-main: var(--vscode-charts-blue, #59a4f9);
    --series-other: var(--vscode-charts-purple, #b180d7);
    --line-quiet: var(--vscode-charts-lines, currentColor);
    --rule: var(--vscode-panel-border, rgba(128, 128, 128, 0.35));
    --muted: var(--vscode-descriptionForeground, inherit);
    --tone-pass: var(--vscode-testing-iconPassed, #73c991);
    --tone-warning: var(--vscode-editorWarning-foreground, #cca700);
    --tone-error: var(--vscode-errorForeground, #f85149);
    --tone-neutral: var(--vscode-descriptionForeground, currentColor);
  }
  :host-context(body.vscode-high-contrast),
  :host-context(body.vscode-high-contrast-light) {
    --rule: var(--vscode-contrastBorder, currentColor);
    --muted: var(--vscode-foreground);
    --line-quiet: var(--vscode-foreground);
  }
  @media (forced-colors: active) {
    :host {
      --series-main: LinkText;
      --series-other: VisitedText;
      --line-quiet: CanvasText;
      --rule: CanvasText;
      --muted: CanvasText;
      --tone-pass: CanvasText;
      --tone-warning: CanvasText;
      --tone-error: CanvasText;
      --tone-neutral: CanvasText;
    }
  }
  /* The light theme's icon colours are too pale for words (4.3 and 3.1 to 1): mixed with the colour of text, both pass 4.5. */
  .tone-pass {
    color: color-mix(in srgb, var(--tone-pass) 80%, var(--vscode-foreground, CanvasText));
  }
  .tone-warning {
    color: color-mix(in srgb, var(--tone-warning) 60%, var(--vscode-foreground, CanvasText));
  }
  .tone-error {
    color: var(--tone-error);
  }
  .tone-neutral {
    color: var(--tone-neutral);
  }
`;
