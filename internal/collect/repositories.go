package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

// reposBegin is the first day of which GitHub has reports by repository. https://github.blog/changelog
var reposBegin = calendar.MustDate("2026-07-17")

// readReposUnlessRefused reads the pull requests of each repository on a day. If GitHub has refused this for another day, it does not ask
// again.
func (r *reader) readReposUnlessRefused(ctx context.Context, date calendar.Date) ([]metrics.Repository, error) {
	if err := r.refused(&r.found.ReposRefused); err != nil {
		return nil, err
	}
	list, err := r.readRepositories(ctx, date)
	return list, r.noteRefusal(&r.found.ReposRefused, err)
}

// readRepositories returns nil if GitHub has no report for the day.
func (r *reader) readRepositories(ctx context.Context, date calendar.Date) (list []metrics.Repository, err error) {
	if date < reposBegin {
		return nil, nil
	}
	err = r.read(ctx, reports.ByRepo, date, func(report reports.Report) error {
		reader := metrics.NewReposReader(date, r.owner.expected())
		if err := report.Whole(ctx, reader.ReadPart); err != nil {
			return err
		}
		list = reader.Repositories()
		return r.owner.seeReport(reader.AccountID())
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// keepRepositories stores the repositories if the day does not have them yet. The day that names them by their hash is stored after
// that.
func (r *reader) keepRepositories(before *ledger.Day, date calendar.Date, list []metrics.Repository) (hash string, err error) {
	text, err := ledger.RepositoriesText(list)
	if err != nil {
		return "", err
	}
	if hash = ledger.HashOf(text); before != nil && before.Repositories == hash {
		return hash, nil
	}
	return hash, r.Store.KeepRepositories(r.tidy, r.found.Conn.Ref, date, text)
}
