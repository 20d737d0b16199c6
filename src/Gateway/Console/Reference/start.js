// Shows the service's own OpenAPI document. Nothing is asked of anybody else: no fonts, no proxy, no telemetry.
window.Scalar.createApiReference('#app', {
    sources: [{ title: 'v1', url: new URL('../openapi/v1.json', document.baseURI).href }],
    baseServerURL: new URL('..', document.baseURI).href.replace(/\/$/, ''),
    withDefaultFonts: false,
    telemetry: false,
    persistAuth: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    showDeveloperTools: 'never',
});
