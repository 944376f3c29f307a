/** What a server makes of the conformance suite's page. */
export const markup = '<output>connecting connecting 0 pending idle pending pending</output>'
