package platform

import (
	"log/slog"
	"os"
)

// Main is what every function's main does: run reads the settings, joins the parts and starts Lambda's loop. What keeps
// it from that is logged, and the program ends with 1.
func Main(run func(log *slog.Logger) error) {
	log := NewLogger(os.Stderr)
	if err := run(log); err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
}
