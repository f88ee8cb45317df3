package store

import (
	"bytes"
	"context"
	"encoding/json"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// PutTeamDay stores what the people of each team did on a day.
func (s *Store) PutTeamDay(ctx context.Context, ref connector.Ref, day ledger.TeamDay) error {
	const op = "store what teams did"
	text, err := sumsText(op, day, day.Sums)
	if err != nil {
		return err
	}
	body, err := deflate(op, text)
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, []Item{{Key: teamDayKey(ref, day.Date), Body: body}})
}

// teamDays returns the stored values of the days of ranges, by date. It leaves out a value that cannot be read, because the value can
// be computed from the people of the day.
func (s *Store) teamDays(ctx context.Context, ref connector.Ref, of ...calendar.Range) (map[calendar.Date]*ledger.TeamDay, error) {
	var ranges []Range
	for _, days := range of {
		ranges = append(ranges, inParts(ref, days, teamDaysAtOnce, teamDaysRange)...)
	}
	items, err := s.sideBySide(ctx, s.lagging(ranges))
	if err != nil {
		return nil, err
	}
	kept := make(map[calendar.Date]*ledger.TeamDay, len(items))
	for _, item := range items {
		if err := fault.InTime(ctx, "read what teams did"); err != nil {
			return nil, err
		}
		text, err := inflate("read what teams did", item.Body)
		if err != nil {
			continue
		}
		day := new(ledger.TeamDay)
		if day.Sums, err = readSums(text, day); err == nil {
			kept[day.Date] = day
		}
	}
	return kept, nil
}

// teamDaysAtOnce is how many days one query asks for. If an account has some thousand teams, these are almost a megabyte.
const teamDaysAtOnce = 16

// sumsText returns the stored form of sums, after a line that says of what they are the sums.
func sumsText(op string, of any, sums *team.Sums) ([]byte, error) {
	head, err := json.Marshal(of)
	if err != nil {
		return nil, failed(op, err)
	}
	return append(append(head, '\n'), sums.Bytes()...), nil
}

func readSums(text []byte, of any) (*team.Sums, error) {
	head, sums, _ := bytes.Cut(text, []byte("\n"))
	if err := json.Unmarshal(head, of); err != nil {
		return nil, err
	}
	return team.ReadSums(sums)
}
