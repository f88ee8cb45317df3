package notify

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// SNS sends mail by a topic for operations, and one for each connector that has recipients.
type SNS struct {
	client     *sns.Client
	operations string // the stack's own topic
	prefix     string // what the ARN of a connector's topic begins with; its id follows
}

var _ Post = (*SNS)(nil)

// NewSNS sends to operations by that topic, and to a connector's recipients by the topic whose ARN is the prefix with the
// connector's id behind it.
func NewSNS(client *sns.Client, operationsARN, prefixARN string) *SNS {
	return &SNS{client: client, operations: operationsARN, prefix: prefixARN}
}

// Operations implements Post. It needs sns:Publish.
func (s *SNS) Operations(ctx context.Context, m Mail) error {
	return s.publish(ctx, s.operations, m)
}

// Recipients implements Post. It needs sns:Publish. A topic that is not there has nobody to be told.
func (s *SNS) Recipients(ctx context.Context, ref connector.Ref, m Mail) error {
	if err := s.publish(ctx, s.topic(ref), m); !isGone(err) {
		return err
	}
	return nil
}

func (s *SNS) publish(ctx context.Context, topic string, m Mail) error {
	attributes := map[string]types.MessageAttributeValue{}
	for name, value := range m.Attributes {
		attributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
	}
	_, err := s.client.Publish(ctx, &sns.PublishInput{TopicArn: &topic, Subject: &m.Subject, Message: &m.Body, MessageAttributes: attributes})
	return failed("send mail", err)
}

// Invite makes these addresses, and no others, the connector's recipients. Who has not confirmed is asked again. It
// needs sns:CreateTopic, Subscribe, Unsubscribe and ListSubscriptionsByTopic.
func (s *SNS) Invite(ctx context.Context, ref connector.Ref, emails []string) error {
	const op = "invite recipients"
	if len(emails) == 0 {
		return s.Forget(ctx, ref)
	}
	name := s.topic(ref)[strings.LastIndexByte(s.prefix, ':')+1:]
	made, err := s.client.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name})
	if err != nil {
		return failed(op, err)
	}
	if aws.ToString(made.TopicArn) != s.topic(ref) {
		return failed(op, errors.New("the topic has another name than was expected"))
	}
	subscribed, err := s.subscriptions(ctx, ref)
	if err != nil {
		return failed(op, err)
	}
	for _, sub := range subscribed {
		if !contains(emails, sub.email) && sub.confirmed() {
			if _, err := s.client.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: &sub.arn}); err != nil {
				return failed(op, err)
			}
		}
	}
	for _, email := range emails {
		if slices.ContainsFunc(subscribed, func(sub subscription) bool { return sub.confirmed() && strings.EqualFold(sub.email, email) }) {
			continue
		}
		_, err := s.client.Subscribe(ctx, &sns.SubscribeInput{TopicArn: aws.String(s.topic(ref)), Protocol: aws.String("email"), Endpoint: &email})
		if err != nil {
			return failed(op, err)
		}
	}
	return nil
}

// Standing tells which of the addresses are reached by mail. Addresses that are not among them and have confirmed an
// invitation of before are unsubscribed: SNS cannot take an invitation back. It needs sns:ListSubscriptionsByTopic and
// Unsubscribe.
func (s *SNS) Standing(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error) {
	const op = "look up recipients"
	subscribed, err := s.subscriptions(ctx, ref)
	if err != nil && !isGone(err) {
		return nil, failed(op, err)
	}
	for _, sub := range subscribed {
		if sub.confirmed() && !contains(emails, sub.email) {
			if _, err := s.client.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: &sub.arn}); err != nil {
				return nil, failed(op, err)
			}
		}
	}
	recipients := make([]connector.Recipient, len(emails))
	for i, email := range emails {
		recipients[i] = connector.Recipient{Email: email, State: connector.RecipientNotSubscribed}
		for _, sub := range subscribed {
			switch {
			case !strings.EqualFold(sub.email, email):
			case sub.confirmed():
				recipients[i].State = connector.RecipientConfirmed
			case recipients[i].State == connector.RecipientNotSubscribed:
				recipients[i].State = connector.RecipientPending
			}
		}
	}
	return recipients, nil
}

// Forget removes the connector's topic with all its subscriptions. It needs sns:DeleteTopic.
func (s *SNS) Forget(ctx context.Context, ref connector.Ref) error {
	_, err := s.client.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: aws.String(s.topic(ref))})
	if err = failed("remove recipients", err); !isGone(err) {
		return err
	}
	return nil
}

func (s *SNS) topic(ref connector.Ref) string { return s.prefix + ref.ID }

type subscription struct{ email, arn string }

// confirmed says that it has an ARN; before, SNS puts words in its place.
func (s subscription) confirmed() bool { return strings.HasPrefix(s.arn, "arn:") }

func (s *SNS) subscriptions(ctx context.Context, ref connector.Ref) ([]subscription, error) {
	var list []subscription
	pages := sns.NewListSubscriptionsByTopicPaginator(s.client, &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String(s.topic(ref))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, sub := range page.Subscriptions {
			list = append(list, subscription{email: aws.ToString(sub.Endpoint), arn: aws.ToString(sub.SubscriptionArn)})
		}
	}
	return list, nil
}

func contains(emails []string, email string) bool {
	return slices.ContainsFunc(emails, func(e string) bool { return strings.EqualFold(e, email) })
}

func isGone(err error) bool {
	_, gone := errors.AsType[*types.NotFoundException](err)
	if failure, ok := errors.AsType[*connector.Error](err); ok {
		gone = errors.Is(failure.Err, errGone)
	}
	return gone
}

var errGone = errors.New("NotFound")

// failed lets AWS's code out and nothing else: its words name accounts and topics.
func failed(op string, err error) error {
	if err == nil {
		return nil
	}
	failure := &connector.Error{Code: connector.CodeMail, Op: op, Err: errors.New("no answer")}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		failure.Err = errors.New(api.ErrorCode())
		if _, gone := errors.AsType[*types.NotFoundException](err); gone {
			failure.Err = errGone
		}
	}
	return failure
}
