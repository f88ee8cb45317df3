package notify_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// postbox keeps mails. It can fail.
type postbox struct {
	testworld.Post
	operationsFail, recipientsFail error
}

func (p *postbox) Operations(ctx context.Context, m notify.Mail) error {
	return errors.Join(p.Post.Operations(ctx, m), p.operationsFail)
}

func (p *postbox) Recipients(ctx context.Context, ref connector.Ref, m notify.Mail) error {
	return errors.Join(p.Post.Recipients(ctx, ref, m), p.recipientsFail)
}

// sent checks how many mails were sent since the last call, to recipients of any connector.
func (p *postbox) sent(t *testing.T, when string, operations, recipients int) {
	t.Helper()
	private := 0
	for _, mails := range p.ToRecipients {
		private += len(mails)
	}
	if diff := cmp.Diff([]int{operations, recipients}, []int{len(p.ToOperators), private}); diff != "" {
		t.Errorf("%s: mails to operations and to recipients (-want +got):\n%s", when, diff)
	}
	p.ToOperators, p.ToRecipients = nil, nil
}

// newNotifier returns a notifier with a postbox and a store. Its clock always shows noon.
func newNotifier(t *testing.T) (*postbox, *store.Store, notify.Notifier) {
	t.Helper()
	clock := func() time.Time { return noon }
	post, stored := &postbox{}, testworld.Store(t, t.TempDir(), clock)
	return post, stored, notify.Notifier{Post: post, Store: stored, Now: clock}
}

func TestANoticeReachesEverybodyOnceAlthoughSomeMailsFail(t *testing.T) {
	post, _, notifier := newNotifier(t)
	c, healed := octoDemo(), connector.Notice{Kind: connector.NoticeHealed, At: noon}
	once := func(c *connector.Connector, wantSent, wantFailed bool) {
		t.Helper()
		sent, err := notifier.Once(t.Context(), c, "name", healed)
		if sent != wantSent || (err != nil) != wantFailed {
			t.Errorf("sent: %v, %v", sent, err)
		}
	}
	post.operationsFail = errors.New("no topic")
	once(c, true, true)
	post.sent(t, "while operations cannot be told", 1, 1)
	once(c, false, true)
	post.sent(t, "the next day", 1, 0)
	post.operationsFail = nil
	once(c, true, false)
	post.sent(t, "once operations can be told", 1, 0)
	once(c, false, false)
	post.sent(t, "after that", 0, 0)

	other := octoDemo()
	other.ID, other.NotifyEmails = connector.NewID(), nil
	once(other, true, false)
	post.sent(t, "for a connector without recipients", 1, 0)
	other.NotifyEmails = []string{"late@example.com"}
	once(other, true, false)
	post.sent(t, "when it has one", 0, 1)
}

func TestWaitingNoticesAreSentOnceAndRemoved(t *testing.T) {
	post, stored, notifier := newNotifier(t)
	c := octoDemo()
	c.Phase = connector.Live
	c.Notices = []connector.Notice{
		{Kind: connector.NoticeStopped, At: noon, Reason: "x"},
		{Kind: connector.NoticeHealed, At: noon},
		{Kind: connector.NoticeStopped, At: noon.Add(time.Hour), Reason: "y"},
	}
	if _, err := stored.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	flush := func(want int, wantFailed bool) {
		t.Helper()
		sent, err := notifier.Flush(t.Context(), c)
		if sent != want || (err != nil) != wantFailed {
			t.Errorf("sent %d, %v", sent, err)
		}
	}
	waiting := func(want int) {
		t.Helper()
		found, err := stored.Connector(t.Context(), c.Ref)
		must(t, err)
		if len(found.Notices) != want {
			t.Errorf("%d notices are waiting", len(found.Notices))
		}
	}
	post.recipientsFail = errors.New("throttled")
	flush(3, true)
	waiting(3)
	post.sent(t, "while recipients cannot be told", 3, 3)
	post.recipientsFail = nil
	if _, err := stored.Change(t.Context(), c.Ref, func(c *connector.Connector) error { // while mails are sent
		c.Notices = append(c.Notices, connector.Notice{Kind: connector.NoticeHealed, At: noon.Add(2 * time.Hour)})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	flush(3, false)
	waiting(1) // this Flush has not seen it
	post.sent(t, "when they can", 0, 3)
	flush(0, false) // a caller with the old state of the connector
	post.sent(t, "after that", 0, 0)
}

func TestAMailIsMarkedAsSentAlthoughTheCallerGaveUp(t *testing.T) {
	post, _, notifier := newNotifier(t)
	ctx, cancel := context.WithCancel(t.Context())
	notifier.Post = leaving{post, cancel}
	c, healed := octoDemo(), connector.Notice{Kind: connector.NoticeHealed, At: noon}
	c.NotifyEmails = nil
	if sent, err := notifier.Once(ctx, c, "name", healed); !sent || err != nil {
		t.Errorf("sent: %v, %v", sent, err)
	}
	if sent, err := notifier.Once(t.Context(), c, "name", healed); sent || err != nil {
		t.Errorf("sent again: %v, %v", sent, err)
	}
	post.sent(t, "in all", 1, 0)
}

// leaving is a postbox whose caller gives up while it sends.
type leaving struct {
	*postbox
	leave func()
}

func (l leaving) Operations(ctx context.Context, m notify.Mail) error {
	l.leave()
	return l.postbox.Operations(ctx, m)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
