package mixed

import "testing"

func TestPasses(t *testing.T) { t.Log("of no interest") }

func TestIsSkipped(t *testing.T) {
	t.Skip("there is no emulator")
}

func TestFails(t *testing.T) {
	t.Log("before")
	t.Run("inside", func(t *testing.T) {
		t.Error("it broke")
	})
}
