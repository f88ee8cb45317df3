package cost_test

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func TestABillBeyondBeliefIsNotKnown(t *testing.T) {
	t.Parallel()
	for net, known := range map[string]bool{"499999999999": true, "500000000000": true, "500000000000.01": false, "-500000000000.01": false} {
		f := november()
		f.Bill.Items = []cost.CreditItem{row("GPT-5", "0", "500000000000", "0", net)}
		if m := f.Month(); (m.Credits.Billed != nil) != known || known != (m.BySKU != nil) {
			t.Errorf("%s billed is %v, because %q", net, m.Credits.Billed, m.Reasons["credits.billed"])
		}
	}
}
