package usage

import (
	"cmp"
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Repositories is the pull requests of each repository in a range, as the Admin API shows them.
type Repositories struct {
	DaysWithData int          `json:"daysWithData"` // days of the range with a report by repository
	Repositories []Repository `json:"repositories"` // by name
}

// Repository is one repository over a range.
type Repository struct {
	Name         string                `json:"name"`
	Visibility   *string               `json:"visibility"`   // nil: not reported
	PullRequests *metrics.PullRequests `json:"pullRequests"` // nil: not reported; without medians over several days
}

// Repositories returns the repositories of a range.
func (r Reader) Repositories(ctx context.Context, c *connector.Connector, days calendar.Range) (Repositories, error) {
	read, err := r.Store.Repositories(ctx, c.Ref, days)
	if err != nil {
		return Repositories{}, err
	}
	answer := Repositories{DaysWithData: len(read), Repositories: []Repository{}}
	for _, of := range sumOf(read, days.From < days.To) {
		row := Repository{Name: of.Name, PullRequests: of.PullRequests}
		if of.Visibility != "" {
			row.Visibility = &of.Visibility
		}
		answer.Repositories = append(answer.Repositories, row)
	}
	return answer, nil
}

// sumOf adds up the repositories of several days, by name. For a single day it returns GitHub's numbers.
func sumOf(days [][]metrics.Repository, several bool) (list []metrics.Repository) {
	sums := map[string]*metrics.Repository{}
	for _, day := range days {
		if !several {
			return day
		}
		for i := range day {
			key := day[i].Key()
			if sums[key] == nil {
				sums[key] = new(metrics.Repository)
			}
			sums[key].Add(&day[i])
		}
	}
	for _, sum := range sums {
		list = append(list, *sum)
	}
	slices.SortFunc(list, func(a, b metrics.Repository) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list
}
