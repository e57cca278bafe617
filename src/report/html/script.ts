/** Says that scripts run, before there is a row to draw: a browser draws 10,000 of them in more than a second. */
export const mark = "document.documentElement.classList.add('scripted');";

/**
 * What the page does in a browser: it filters and sorts the rows that are there, and shows the first of them. Without it,
 * and on paper, all of them are shown. Plain JavaScript of the reader's browser, so it is text here; it makes no markup
 * and asks nobody.
 */
export const script = `
(() => {
  'use strict';
  const table = document.getElementById('clusters-table');
  const body = table.tBodies[0];
  const form = document.getElementById('filter');
  const count = document.getElementById('shown');
  const all = document.getElementById('all');
  const most = 500;
  let limit = most;
  const rows = Array.from(body.rows, (row) => {
    const cells = Array.from(row.cells, (cell) => cell.textContent);
    return { row, cells, text: cells.join('\\n').toLowerCase() };
  });
  const choices = Array.from(form.querySelectorAll('select'));
  const show = () => {
    const words = form.elements.search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const wanted = choices.filter((each) => each.value !== '').map((each) => [Number(each.dataset.column), each.value]);
    let shown = 0;
    for (const { row, cells, text } of rows) {
      const fits = words.every((word) => text.includes(word)) && wanted.every(([at, value]) => cells[at] === value.slice(1));
      if (fits) shown += 1;
      const hidden = !fits || shown > limit;
      if (row.hidden !== hidden) row.hidden = hidden;
    }
    body.classList.add('ready');
    all.hidden = shown <= limit;
    const some = all.hidden ? '' : ', the first ' + limit + ' are shown';
    count.textContent = shown.toLocaleString('en-US') + ' of ' + rows.length.toLocaleString('en-US') + ' clusters' + some;
  };
  const showUpTo = (rowCount) => {
    limit = rowCount;
    show();
  };
  all.addEventListener('click', () => showUpTo(Infinity));
  addEventListener('beforeprint', () => showUpTo(Infinity));
  addEventListener('afterprint', () => showUpTo(most));
  let waiting;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 80);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  const collator = new Intl.Collator('en', { numeric: true });
  const headers = Array.from(table.tHead.rows[0].cells);
  headers.forEach((header, at) => {
    header.querySelector('button').addEventListener('click', () => {
      const sign = header.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      for (const each of headers) each.removeAttribute('aria-sort');
      header.setAttribute('aria-sort', sign === 1 ? 'ascending' : 'descending');
      rows.sort((a, b) => sign * collator.compare(a.cells[at], b.cells[at]));
      body.replaceChildren(...rows.map(({ row }) => row));
      show();
    });
  });
  show();
})();
`;
