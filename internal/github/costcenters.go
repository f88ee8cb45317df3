package github

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// maxCostCenters is more cost centers than any enterprise has.
const maxCostCenters = 10_000

// costCenter is GitHub's cost center. One that is deleted may still have bills.
type costCenter struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"` // active or deleted
}

// CostCenters lists an enterprise's cost centers, the deleted ones last, as the parts of its bill.
func (c *Client) CostCenters(ctx context.Context, enterprise copilot.Account) ([]cost.PartBill, error) {
	const op = "list cost centers"
	var list struct {
		Centers *[]json.RawMessage `json:"costCenters"`
	}
	_, err := c.getJSON(ctx, op, billing(enterprise)+"cost-centers", &list)
	switch {
	case err != nil:
		return nil, err
	case list.Centers == nil:
		return nil, unexpected(op, "its answer holds no costCenters")
	case len(*list.Centers) > maxCostCenters:
		return nil, unexpected(op, "it lists more cost centers than anybody has")
	}
	var active, deleted []cost.PartBill
	known := make(map[string]bool, len(*list.Centers))
	for _, raw := range *list.Centers {
		center := value[costCenter](raw)
		if id := strings.TrimSpace(center.ID); id == "" || id == "none" { // none stands for what belongs to no cost center
			return nil, unexpected(op, "it lists a cost center without an id")
		}
		part := cost.PartBill{ID: center.ID, Name: c.quote(cmp.Or(center.Name, center.ID))}
		switch {
		case known[center.ID]:
		case center.State == "deleted":
			deleted = append(deleted, part)
		default:
			active = append(active, part)
		}
		known[center.ID] = true
	}
	return append(append([]cost.PartBill{}, active...), deleted...), nil
}
