"""axe in the page that is open: which rules of accessibility it breaks."""

from axe_playwright_python.base import AXE_SCRIPT

# What another theme can change; the other rules read no colours.
OF_COLOURS = ("color-contrast", "link-in-text-block")


def broken_rules(page, within=(".ck",), but=(), colours_only=False):
    """Give what the parts of a page break: the rule, how grave it is, and the node."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "([context, options]) => axe.run(context, options)",
        [
            {"include": [[part] for part in within], "exclude": [[part] for part in but]},
            {"resultTypes": ["violations"]}
            | ({"runOnly": list(OF_COLOURS)} if colours_only else {}),
        ],
    )
    assert found["passes"], "axe looked at nothing"
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
