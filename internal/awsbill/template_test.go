package awsbill_test

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// template holds the facts of template.yaml, and the metrics in the code, that the bill needs.
type template struct {
	memory                                      map[string]float64 // in MB, by function
	pollsAtOnce                                 float64            // runs of collect
	alarmMetrics, dailyMetrics, constantMetrics int
}

var (
	memorySize  = regexp.MustCompile(`(?s)\n  (\w+)Function:\n(?:    [^\n]*\n| *\n)*?      MemorySize: (\d+)`)
	alarmMetric = regexp.MustCompile(`(?m)^ +MetricName: `)
	atOnce      = regexp.MustCompile(`MaximumConcurrency: (\d+)`)
	counted     = regexp.MustCompile(`measure\.Count(By)?\("(\w+)"`)
)

func readTemplate(t *testing.T) template {
	t.Helper()
	text := readFile(t, "../../template.yaml")
	found := template{memory: map[string]float64{}, alarmMetrics: len(alarmMetric.FindAllString(text, -1))}
	for _, match := range memorySize.FindAllStringSubmatch(text, -1) {
		size, err := strconv.ParseFloat(match[2], 64)
		must(t, err)
		found.memory[match[1]] = size
	}
	for _, function := range []string{"Collect", "Connectors", "Remind"} {
		if found.memory[function] == 0 {
			t.Fatalf("template.yaml does not say how much memory %s has", function)
		}
	}
	concurrency := atOnce.FindStringSubmatch(text)
	if concurrency == nil {
		t.Fatal("template.yaml does not say how many runs of collect there are at once")
	}
	var err error
	found.pollsAtOnce, err = strconv.ParseFloat(concurrency[1], 64)
	must(t, err)
	// A metric with a code as dimension has one code on an ordinary day.
	found.dailyMetrics = metricsIn(t, "../../functions/poll/*.go", "../collect/*.go", "../remind/*.go")
	found.constantMetrics = metricsIn(t, "../adminapi/*.go")
	return found
}

// metricsIn counts the metrics of an ordinary day in source files. A metric that also has a code as dimension counts twice.
func metricsIn(t *testing.T, patterns ...string) (n int) {
	t.Helper()
	seen := map[string]bool{}
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		must(t, err)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, match := range counted.FindAllStringSubmatch(readFile(t, path), -1) {
				if seen[match[2]] {
					continue
				}
				seen[match[2]] = true
				n++
				if match[1] != "" {
					n++
				}
			}
		}
	}
	return n
}
