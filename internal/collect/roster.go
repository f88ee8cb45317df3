package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// readRoster reads a day's per-user report. It continues where an earlier run has stopped. It returns nil without an error if nobody is
// in the report, because an empty report cannot be right for a day on which people were active.
func (r *reader) readRoster(ctx context.Context, date calendar.Date) (roster *metrics.Roster, err error) {
	kept, err := r.keptPartial(ctx, date)
	if err != nil {
		return nil, err
	}
	err = r.read(ctx, reports.PerUser, date, func(report reports.Report) error {
		roster, err = r.readOn(ctx, report, date, kept)
		return err
	})
	if err != nil || roster.Totals().Active == 0 {
		return nil, err
	}
	return roster, nil
}

// readFrom reads a report from a place on. If the run's time ends first, it stores what it has, and the next run continues there.
func (r *reader) readFrom(ctx context.Context, report reports.Report, date calendar.Date, kept resume.Partial) (*metrics.Roster, error) {
	roster := new(metrics.Roster)
	if err := roster.Load(kept.Pages); err != nil {
		return nil, &fault.Error{Code: fault.ReportChanged, Op: "continue a report", Err: err}
	}
	place := resume.Track(kept.Bookmark)
	users := metrics.NewUsersReader(date, r.owner.expected(), roster.Add)
	err := report(ctx, kept.Bookmark, func(part reports.Part) error {
		if err := place.Begin(part.Identity); err != nil {
			return err
		}
		err := users.ReadPart(part)
		place.Read(users.Offset())
		return err
	})
	if fault.Is(err, fault.OutOfTime) {
		if err := r.putAway(date, place, roster); err != nil {
			return nil, err
		}
	}
	if err == nil {
		r.logNewFields(ctx, reports.PerUser, date, users.Unknown())
		err = r.owner.seeReport(users.AccountID())
	}
	return roster, err
}
