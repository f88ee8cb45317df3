package dies

import "testing"

func TestDies(t *testing.T) {
	t.Log("it was here")
	panic("no more")
}
