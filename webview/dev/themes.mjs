/** A handful of the real values of three built-in colour themes. */
const font = { "font-family": '"Segoe UI", "DejaVu Sans", sans-serif', "font-size": "13px", "font-weight": "normal", "editor-font-family": '"DejaVu Sans Mono", monospace' };

export const themes = {
  dark: {
    kind: "vscode-dark",
    variables: {
      ...font,
      foreground: "#cccccc", descriptionForeground: "#9d9d9d", "editor-background": "#1f1f1f", "editor-foreground": "#cccccc", "panel-border": "#2b2b2b", "textLink-foreground": "#4daafc", focusBorder: "#0078d4",
      "list-hoverBackground": "#2a2d2e", "textCodeBlock-background": "#2b2b2b", "charts-blue": "#59a4f9", "charts-purple": "#b180d7", "charts-lines": "rgba(204,204,204,0.5)",
      "testing-iconPassed": "#73c991", "editorWarning-foreground": "#cca700", errorForeground: "#f85149",
      "button-background": "#0078d4", "button-foreground": "#ffffff", "button-hoverBackground": "#026ec1", "button-secondaryBackground": "#313131", "button-secondaryForeground": "#cccccc", "button-secondaryHoverBackground": "#3c3c3c",
      "settings-textInputBackground": "#313131", "settings-textInputForeground": "#cccccc", "settings-textInputBorder": "#3c3c3c", "settings-dropdownBackground": "#313131", "settings-dropdownForeground": "#cccccc", "settings-dropdownBorder": "#3c3c3c", "settings-dropdownListBorder": "#454545", "input-placeholderForeground": "#989898", "progressBar-background": "#0078d4",
    },
  },
  light: {
    kind: "vscode-light",
    variables: {
      ...font,
      foreground: "#3b3b3b", descriptionForeground: "#3b3b3b", "editor-background": "#ffffff", "editor-foreground": "#3b3b3b", "panel-border": "#e5e5e5", "textLink-foreground": "#005fb8", focusBorder: "#005fb8",
      "list-hoverBackground": "#f2f2f2", "textCodeBlock-background": "#f8f8f8", "charts-blue": "#0063d3", "charts-purple": "#652d90", "charts-lines": "rgba(59,59,59,0.5)",
      "testing-iconPassed": "#388a34", "editorWarning-foreground": "#bf8803", errorForeground: "#f85149",
      "button-background": "#005fb8", "button-foreground": "#ffffff", "button-hoverBackground": "#0258a8", "button-secondaryBackground": "#e5e5e5", "button-secondaryForeground": "#3b3b3b", "button-secondaryHoverBackground": "#cccccc",
      "settings-textInputBackground": "#ffffff", "settings-textInputForeground": "#3b3b3b", "settings-textInputBorder": "#cecece", "settings-dropdownBackground": "#ffffff", "settings-dropdownForeground": "#3b3b3b", "settings-dropdownBorder": "#cecece", "settings-dropdownListBorder": "#cecece", "input-placeholderForeground": "#767676", "progressBar-background": "#005fb8",
    },
  },
  contrast: {
    kind: "vscode-high-contrast",
    variables: {
      ...font,
      foreground: "#ffffff", descriptionForeground: "rgba(255,255,255,0.7)", "editor-background": "#000000", "editor-foreground": "#ffffff", "panel-border": "#6fc3df", contrastBorder: "#6fc3df", "textLink-foreground": "#21a6ff", focusBorder: "#f38518",
      "list-hoverBackground": "rgba(255,255,255,0.1)", "textCodeBlock-background": "#000000", "charts-blue": "#59a4f9", "charts-purple": "#b180d7", "charts-lines": "rgba(255,255,255,0.5)",
      "testing-iconPassed": "#73c991", "editorWarning-foreground": "#ffd370", errorForeground: "#f48771",
      "button-background": "#000000", "button-foreground": "#ffffff", "button-border": "#6fc3df", "button-secondaryBackground": "#000000", "button-secondaryForeground": "#ffffff", "button-secondaryHoverBackground": "#000000",
      "settings-textInputBackground": "#000000", "settings-textInputForeground": "#ffffff", "settings-textInputBorder": "#6fc3df", "settings-dropdownBackground": "#000000", "settings-dropdownForeground": "#ffffff", "settings-dropdownBorder": "#6fc3df", "settings-dropdownListBorder": "#6fc3df", "input-placeholderForeground": "rgba(255,255,255,0.7)", "progressBar-background": "#6fc3df",
    },
  },
};
