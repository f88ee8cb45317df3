package count_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/count"
)

func TestASumWithAnUnknownPartIsUnknown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ a, b, want *int64 }{
		{new(int64(3)), new(int64(4)), new(int64(7))},
		{new(int64(0)), new(int64(0)), new(int64(0))},
		{nil, new(int64(4)), nil},
		{new(int64(3)), nil, nil},
		{nil, nil, nil},
	} {
		if diff := cmp.Diff(test.want, count.Add(test.a, test.b)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestUnknownCountsComeLast(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b *int64
		want int
	}{
		{new(int64(4)), new(int64(3)), -1},
		{new(int64(3)), new(int64(4)), 1},
		{new(int64(3)), new(int64(3)), 0},
		{new(int64(0)), nil, -1},
		{nil, new(int64(0)), 1},
		{nil, nil, 0},
	} {
		if got := count.Descending(test.a, test.b); got != test.want {
			t.Errorf("got %d, want %d", got, test.want)
		}
	}
}
