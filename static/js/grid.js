// Keys and buttons of the attendance grid; without this file it is a plain form.

for (const grid of document.querySelectorAll("form[data-grid]")) {
  const cellAt = (row, column) => row?.cells[column]?.querySelector("input");

  // The next cell that can be entered, in a direction of rows or columns.
  const neighbour = (input, rows, columns) => {
    const cell = input.closest("td");
    const body = cell.closest("tbody").rows;
    let row = cell.parentElement.sectionRowIndex + rows;
    let column = cell.cellIndex + columns;
    while (body[row]?.cells[column]) {
      const found = cellAt(body[row], column);
      if (found) return found;
      row += rows;
      column += columns;
    }
    return null;
  };

  const MOVES = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    Enter: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };

  // Left and right leave a cell only from the edge of what is written in it.
  const isInside = (input, key) => {
    const edge = key === "ArrowLeft" ? 0 : input.value.length;
    const sideways = key === "ArrowLeft" || key === "ArrowRight";
    const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    return sideways && !all && input.selectionEnd !== edge;
  };

  // The first or the last cell of the same person that can be entered.
  const edgeOf = (input, key) => {
    const inputs = [...input.closest("tr").querySelectorAll("td input")];
    return key === "Home" ? inputs.at(0) : inputs.at(-1);
  };

  grid.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches("td input")) return;
    if ((event.key === "Home" || event.key === "End") && !event.shiftKey) {
      event.preventDefault();
      const edge = edgeOf(input, event.key);
      edge.focus();
      edge.select();
      return;
    }
    const move = MOVES[event.key];
    if (!move || isInside(input, event.key)) return;
    event.preventDefault();
    const next = neighbour(input, ...move);
    next?.focus();
    next?.select();
  });

  grid.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-minutes]");
    if (!button) return;
    event.preventDefault();
    const column = button.closest("th").cellIndex;
    for (const row of grid.querySelector("tbody").rows) {
      const input = cellAt(row, column);
      if (input && !input.value) input.value = button.dataset.minutes;
    }
  });
}
