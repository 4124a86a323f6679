"use strict";
// Draws the closure of a function: each definition below what reaches it first.
(function () {
	const ns = "http://www.w3.org/2000/svg";
	const picture = document.getElementById("picture"), said = document.getElementById("said");
	const make = (name, attributes, parent) => {
		const e = document.createElementNS(ns, name);
		for (const k in attributes) e.setAttribute(k, attributes[k]);
		parent.append(e);
		return e;
	};
	function draw(text) {
		let why;
		try {
			why = JSON.parse(text);
		} catch (err) {
			said.textContent = "This is not what cachegen why -json prints: " + err.message;
			return;
		}
		const parts = why.parts || [];
		if (!parts.length) {
			said.textContent = "It has no definitions.";
			return;
		}
		const shown = parts.slice(0, 400), height = 30, step = 26;
		const children = shown.map(() => []);
		const roots = [];
		shown.forEach((d, i) => (d.from >= 0 && d.from < shown.length ? children[d.from] : roots).push(i));
		const lines = [];
		const seen = new Set();
		const walk = (i, depth, parent) => {
			if (seen.has(i)) return;
			seen.add(i);
			const row = lines.push({ d: shown[i], depth, parent }) - 1;
			children[i].forEach((c) => walk(c, depth + 1, row));
		};
		roots.forEach((r) => walk(r, 0, -1));
		const width = Math.max(...lines.map((l) => l.depth * step + 40 + 7.4 * (l.d.name.length + (l.d.reason || "").length + 3)));
		picture.replaceChildren();
		const svg = make("svg", { width, height: lines.length * height + 10, role: "img", "aria-label": lines.length + " definitions of " + (why.function || "the function") }, picture);
		lines.forEach((l, row) => {
			const x = 10 + l.depth * step, y = 5 + row * height;
			if (l.parent >= 0) {
				const px = 10 + lines[l.parent].depth * step + 8, py = 5 + l.parent * height + 24;
				make("path", { d: `M${px} ${py} V${y + 12} H${x}` }, svg);
			}
			make("rect", { x, y, width: width - x - 10, height: 24, rx: 4 }, svg);
			const t = make("text", { x: x + 8, y: y + 17 }, svg);
			t.textContent = (l.d.reason ? l.d.reason + " " : "") + l.d.name;
		});
		said.textContent = lines.length + " of " + parts.length + " definitions" + (why.version ? ", version " + why.version : "") + ".";
	}
	document.getElementById("file").addEventListener("change", (e) => {
		const f = e.target.files[0];
		if (f) f.text().then(draw);
	});
	const data = document.getElementById("data").content.textContent.trim();
	if (data) draw(data);
})();
