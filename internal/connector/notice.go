package connector

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Notice is something that people are told by mail, once.
type Notice struct {
	Kind NoticeKind `json:"kind"`
	At   time.Time  `json:"at"`

	// ExpiresAt and DaysLeft tell of a reminder when the token expires, or is due for rotation.
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
	DaysLeft  int       `json:"daysLeft,omitempty"`

	// Reason is what keeps a connector that stopped from working, and what to do, in words for people.
	Reason string `json:"reason,omitempty"`

	// Lost is what GitHub does not show any more.
	Lost access.Capability `json:"lost,omitempty"`

	// Remedy is what to do about what was lost, or cannot be read. It is empty where another token helps.
	Remedy string `json:"remedy,omitempty"`

	// Days are those that will not come, or cannot be read.
	Days []calendar.Date `json:"days,omitempty"`
}

// NoticeKind is what people are told of.
type NoticeKind string

// The kinds of notices.
const (
	NoticeExpires NoticeKind = "expires" // the token expires soon, or is due for rotation
	NoticeExpired NoticeKind = "expired" // the token has expired
	NoticeStopped NoticeKind = "stopped" // usage is not to be had any more until somebody does something
	NoticeHealed  NoticeKind = "healed"
	NoticeMissing NoticeKind = "missing" // GitHub has no report for a day, and none is expected any more

	NoticeLost       NoticeKind = "lost"       // the token may not read seats, bills or people any more; usage goes on
	NoticeUnreadable NoticeKind = "unreadable" // reports of some days cannot be read, however often polls try
)

// Recipient is somebody who is told by mail how a connector fares.
type Recipient struct {
	Email string         `json:"email"`
	State RecipientState `json:"state"`
}

// RecipientState says whether mail reaches a recipient.
type RecipientState string

// The states of a recipient. SNS mails nobody who has not confirmed, forgets within days who was asked and did not, and
// puts a link into each mail by which anybody who has it can unsubscribe the address.
const (
	RecipientConfirmed     RecipientState = "confirmed"
	RecipientPending       RecipientState = "pending"
	RecipientNotSubscribed RecipientState = "not_subscribed" // the invitation has lapsed, or somebody unsubscribed
)
