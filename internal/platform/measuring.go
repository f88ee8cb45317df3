package platform

import (
	"context"
	"log/slog"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/measure"
)

// measuring is a log handler that turns the figures of a line into metrics. It writes them to the root of the line in
// CloudWatch's Embedded Metric Format (EMF), which CloudWatch reads from the log. The only dimensions are stack and code; the
// line itself says to which connector a figure belongs.
type measuring struct {
	next   slog.Handler // without groups: a group would move the metrics away from the root
	stack  string       // empty: figures are printed as numbers and become no metrics
	groups []group      // the groups of a derived logger, outermost first; the first is the root
}

// group is what a derived logger adds to each line.
type group struct {
	name  string
	attrs []slog.Attr
}

func newMeasuring(next slog.Handler, stack string) measuring {
	if !isDimension(stack) {
		stack = ""
	}
	return measuring{next: next, stack: stack, groups: make([]group, 1)}
}

// Enabled implements slog.Handler.
func (m measuring) Enabled(ctx context.Context, level slog.Level) bool {
	return m.next.Enabled(ctx, level)
}

// WithAttrs implements slog.Handler. It adds to the innermost group.
func (m measuring) WithAttrs(attrs []slog.Attr) slog.Handler {
	m.groups = slices.Clone(m.groups)
	innermost := &m.groups[len(m.groups)-1]
	innermost.attrs = slices.Concat(innermost.attrs, attrs)
	return m
}

// WithGroup implements slog.Handler. It opens a group.
func (m measuring) WithGroup(name string) slog.Handler {
	if name != "" {
		m.groups = append(slices.Clip(m.groups), group{name: name})
	}
	return m
}

// Handle implements slog.Handler.
func (m measuring) Handle(ctx context.Context, record slog.Record) error {
	var attrs []slog.Attr
	record.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	for _, g := range slices.Backward(m.groups) {
		attrs = slices.Concat(g.attrs, attrs)
		if g.name != "" {
			attrs = []slog.Attr{slog.GroupAttrs(g.name, attrs...)}
		}
	}
	var figures figures
	attrs = figures.takenFrom(attrs)
	line := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	line.AddAttrs(attrs...)
	line.AddAttrs(figures.members(m.stack, record.Time)...)
	return m.next.Handle(ctx, line)
}

// figures are the figures of one line.
type figures struct {
	totals, coded []slog.Attr
	codes         []string // one, unless the line is wrong
}

// takenFrom removes the figures from attributes, at any depth, and returns the other attributes.
func (f *figures) takenFrom(attrs []slog.Attr) []slog.Attr {
	rest := make([]slog.Attr, 0, len(attrs))
	for _, a := range attrs {
		switch figure, measured := a.Value.Any().(measure.Figure); {
		case measured && figure.Code == "":
			f.totals = append(f.totals, a)
		case measured:
			f.coded = append(f.coded, a)
			if !slices.Contains(f.codes, figure.Code) {
				f.codes = append(f.codes, figure.Code)
			}
		case a.Value.Kind() == slog.KindGroup:
			rest = append(rest, slog.Attr{Key: a.Key, Value: slog.GroupValue(f.takenFrom(a.Value.Group())...)})
		default:
			rest = append(rest, a)
		}
	}
	return rest
}
