"""Cycles in graphs, and graphs as text."""


def circles(arrows):
    """The groups of nodes from each of which one comes to every other of its group.

    `arrows` has for every node the nodes that it points to.
    """
    order, low, stack, groups = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in sorted(arrows[node]):
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1 or node in arrows[node]:
                groups.append(sorted(group))

    for node in sorted(arrows):
        if node not in order:
            visit(node)
    return groups


def drawing(arrows, indent=""):
    """The graph as text: layers from the top down, every node with the nodes that it points to."""
    left = {node: {other for other in others if other != node} for node, others in arrows.items()}
    floors = []
    while left:
        ground = {node for node, others in left.items() if not others & left.keys()}
        for group in [] if ground else circles({node: left[node] & left.keys() for node in left}):
            # All nodes of a cycle are in one layer.
            if all(left[node] & left.keys() <= set(group) for node in group):
                ground |= set(group)
        floors.append(ground)
        left = {node: others for node, others in left.items() if node not in ground}
    width = max((len(node) for node in arrows), default=0)
    for number in range(len(floors), 0, -1):
        for node in sorted(floors[number - 1]):
            pointed = ", ".join(sorted(arrows[node]))
            line = f"{indent}{number:3}  {node:{width}}  {'-> ' if pointed else ''}{pointed}"
            yield line.rstrip()
