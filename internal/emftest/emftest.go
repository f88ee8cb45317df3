// Package emftest reads metrics from a log as CloudWatch does, for tests, and checks them against the specification of the
// Embedded Metric Format. It shares no code with package platform, which writes the format. Start reading at Lines.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package emftest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Line is a log line that has metrics.
type Line struct {
	At      time.Time
	Metrics map[string]float64 // by "Name stack=… code=…", with the dimensions in their order
	Members map[string]any     // all members of the line
}

// Lines returns the lines of a log from which CloudWatch makes metrics. A line that CloudWatch would refuse fails the test.
func Lines(t testing.TB, log string) []Line {
	t.Helper()
	var lines []Line
	for text := range strings.Lines(log) {
		if !strings.Contains(text, `"_aws"`) {
			continue
		}
		line, err := read([]byte(text))
		if err != nil {
			t.Errorf("%v: %s", err, text)
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// metadata is the required form of the member _aws.
type metadata struct {
	Timestamp         *int64
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []struct{ Name, Unit string }
}

func read(text []byte) (Line, error) {
	line := Line{Metrics: map[string]float64{}}
	var root struct {
		Meta metadata `json:"_aws"`
	}
	if err := errors.Join(json.Unmarshal(text, &line.Members), json.Unmarshal(text, &root), namedOnce(text)); err != nil {
		return line, err
	}
	if root.Meta.Timestamp == nil || *root.Meta.Timestamp < 0 || len(root.Meta.CloudWatchMetrics) == 0 {
		return line, errors.New("_aws is without a time, or without directives")
	}
	line.At = time.UnixMilli(*root.Meta.Timestamp)
	for _, d := range root.Meta.CloudWatchMetrics {
		if err := line.follow(d); err != nil {
			return line, err
		}
	}
	return line, nil
}

// follow returns the metrics that a directive defines.
func (l *Line) follow(d directive) error {
	if len(d.Dimensions) == 0 || len(d.Metrics) == 0 || len(d.Metrics) > 100 {
		return fmt.Errorf("a directive with %d sets of dimensions and %d metrics", len(d.Dimensions), len(d.Metrics))
	}
	if err := bounded(d.Namespace, 1024); err != nil {
		return fmt.Errorf("namespace: %w", err)
	}
	for _, metric := range d.Metrics {
		if err := bounded(metric.Name, 1024); err != nil {
			return fmt.Errorf("metric: %w", err)
		}
		value, ok := l.Members[metric.Name].(float64)
		if !ok || metric.Unit != "Count" {
			return fmt.Errorf("metric %s is %v, its unit %q", metric.Name, l.Members[metric.Name], metric.Unit)
		}
		for _, set := range d.Dimensions {
			name, err := l.named(metric.Name, set)
			if err != nil {
				return err
			}
			if _, twice := l.Metrics[name]; twice {
				return fmt.Errorf("%s is counted twice", name)
			}
			l.Metrics[name] = value
		}
	}
	return nil
}

// named adds the dimensions to the name of a metric.
func (l *Line) named(metric string, dimensions []string) (string, error) {
	if len(dimensions) > 30 {
		return "", fmt.Errorf("%d dimensions", len(dimensions))
	}
	for _, dimension := range dimensions {
		value, _ := l.Members[dimension].(string)
		if err := errors.Join(bounded(dimension, 250), bounded(value, 1024)); err != nil {
			return "", fmt.Errorf("dimension %s: %w", dimension, err)
		}
		metric += " " + dimension + "=" + value
	}
	return metric, nil
}

// bounded checks the length of a name or of a dimension's value.
func bounded(text string, most int) error {
	switch {
	case strings.TrimSpace(text) == "" || len(text) > most || text[0] == ':':
		return fmt.Errorf("%q is empty, begins with a colon, or is longer than %d", text, most)
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }):
		return fmt.Errorf("%q is not of ASCII", text)
	}
	return nil
}

// namedOnce checks that no member of the root is repeated: the specification does not say which one counts.
func namedOnce(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	seen := map[json.Token]bool{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		if seen[name] {
			return fmt.Errorf("%s comes twice", name)
		}
		seen[name] = true
		if err := decoder.Decode(new(json.RawMessage)); err != nil {
			return err
		}
	}
	return nil
}
