package page_test

import (
	"slices"
	"testing"
)

// Limits on an idle machine with two cores, in milliseconds on loopback.
const paintLimit, clickLimit = 100, 50

// BenchmarkThePage reports for `make bench` how many bytes travel, when something is on the screen, and how long a click takes
// with 10,000 seats. Each limit of docs/PAGE.md is printed beside.
func BenchmarkThePage(b *testing.B) {
	s := stub(b, 10_000)
	window := browse(b, s.address+"/#/c/"+stubID+"/seats", desktop)
	var paints []float64
	for b.Loop() {
		window.reload()
		window.until(`page.one("table[aria-rowcount='10001']")`)
		paints = append(paints, read[float64](window, `performance.getEntriesByType("paint").find((e) => e.name === "first-contentful-paint").startTime`))
	}
	slices.Sort(paints)
	paint := paints[len(paints)/2]
	b.ReportMetric(paint, "ms-to-first-paint")
	b.ReportMetric(paintLimit, "ms-to-first-paint-at-most")
	click := read[float64](window, `(async () => {
		const times = [];
		for (const name of ["Person", "Idle days", "Person", "Idle days", "Person"]) {
			const began = performance.now();
			[...page.all(".sort")].find((e) => e.innerText.startsWith(name)).click();
			await new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }));
			times.push(performance.now() - began);
		}
		return times.sort((a, b) => a - b)[2];
	})()`)
	b.ReportMetric(click, "ms-to-sort")
	b.ReportMetric(clickLimit, "ms-to-sort-at-most")
	total := 0
	document := get(b, s.address+"/")
	total += document.sent
	for _, name := range named.FindAllStringSubmatch(document.text, -1) {
		total += get(b, s.address+name[1]).sent
	}
	b.ReportMetric(float64(total), "gzip-bytes")
	b.ReportMetric(budget, "gzip-bytes-at-most")
	b.ReportMetric(0, "ns/op") // most of it is the browser's start
}
