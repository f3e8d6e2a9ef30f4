// Names what the stock admin leaves unnamed to a screen reader: cells of a table of
// rows, the two halves of a time, choices with search, and hints.

const isNamed = (field) => field.labels.length || field.ariaLabel;

// The words that a sighted reader takes for the field's name.
function nameOf(element) {
  const cell = element.closest(".tabular td");
  if (cell) return cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
  return element.closest(".form-row, .flex-container")?.querySelector("label, .datetime-label");
}

function nameFields() {
  for (const field of document.querySelectorAll(".tabular td :is(input, select, textarea), .datetime input")) {
    const name = nameOf(field);
    if (!name || field.type === "hidden" || isNamed(field)) continue;
    const half = field.closest(".datetime") && field.previousSibling?.textContent;
    field.ariaLabel = [name.textContent, half].map((words) => words?.trim()).filter(Boolean).join(" ");
  }
}

let names = 0;

function nameChoices() {
  for (const box of document.querySelectorAll(".select2-selection[role=combobox]")) {
    const name = nameOf(box);
    const value = box.querySelector(".select2-selection__rendered");
    if (!name || !value) continue;
    if (box.getAttribute("aria-labelledby")?.includes(" ")) continue;
    name.id ||= `name-${(names += 1)}`;
    value.setAttribute("aria-labelledby", name.id);
    box.setAttribute("aria-labelledby", `${name.id} ${value.id}`);
  }
}

function nameAll() {
  nameFields();
  nameChoices();
  for (const hint of document.querySelectorAll("span.help-tooltip[aria-label]")) hint.role = "img";
  for (const value of document.querySelectorAll("#changelist-filter a")) {
    if (!value.textContent.trim()) value.textContent = "–";
  }
}

// Rows and choices with search are made by other scripts, some of them later.
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();
