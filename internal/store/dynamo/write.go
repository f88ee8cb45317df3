package dynamo

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// condition is a condition on the stored item. A write happens only if it holds.
type condition struct {
	expression string
	names      map[string]string
	values     attributes
}

// unchanged holds while the stored item has the item's version. An expired item counts as missing.
func unchanged(item store.Item, now time.Time) condition {
	c := condition{names: map[string]string{"#ttl": ttlAttribute}, values: attributes{":now": number(now.Unix())}}
	if item.Version == 0 {
		c.expression = "attribute_not_exists(" + partitionAttribute + ") OR #ttl <= :now"
		return c
	}
	c.expression = "#version = :version AND (attribute_not_exists(#ttl) OR #ttl > :now)"
	c.names["#version"], c.values[":version"] = versionAttribute, number(item.Version)
	return c
}

// removable holds while the stored item has the item's version, or is missing.
func removable(item store.Item, now time.Time) condition {
	return condition{
		expression: "attribute_not_exists(" + partitionAttribute + ") OR #ttl <= :now OR #version = :version",
		names:      map[string]string{"#ttl": ttlAttribute, "#version": versionAttribute},
		values:     attributes{":now": number(now.Unix()), ":version": number(item.Version)},
	}
}

// Put implements store.Table. A single item is written without a transaction, which would cost twice as much.
func (t *Table) Put(ctx context.Context, items ...store.Item) error {
	const op = "write items"
	if err := store.CheckWrite(items); err != nil {
		return refused(op, err)
	}
	now := t.now()
	if len(items) == 1 {
		return t.putOne(ctx, op, items[0], now)
	}
	writes := make([]types.TransactWriteItem, len(items))
	for i, item := range items {
		c := unchanged(item, now)
		writes[i].Put = &types.Put{
			TableName:                           &t.name,
			Item:                                written(item),
			ConditionExpression:                 &c.expression,
			ExpressionAttributeNames:            c.names,
			ExpressionAttributeValues:           c.values,
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}
	}
	return t.transact(ctx, op, writes, func(reasons []types.CancellationReason) bool {
		for i, item := range items {
			// The condition of an expired item holds again after its write.
			if !landed(item, reasons[i].Item) && !(holds(reasons[i]) && item.Expired(now)) {
				return false
			}
		}
		return true
	})
}

func (t *Table) putOne(ctx context.Context, op string, item store.Item, now time.Time) error {
	c := unchanged(item, now)
	_, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           &t.name,
		Item:                                written(item),
		ConditionExpression:                 &c.expression,
		ExpressionAttributeNames:            c.names,
		ExpressionAttributeValues:           c.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}, t.retry)
	if check, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		if landed(item, check.Item) {
			return nil
		}
		return store.ErrChanged
	}
	if err != nil {
		return failed(ctx, op, err)
	}
	return nil
}

// Delete implements store.Table.
func (t *Table) Delete(ctx context.Context, items ...store.Item) error {
	const op = "remove items"
	if err := store.CheckWrite(items); err != nil {
		return refused(op, err)
	}
	now := t.now()
	if len(items) == 1 {
		return t.deleteOne(ctx, op, items[0], now)
	}
	writes := make([]types.TransactWriteItem, len(items))
	for i, item := range items {
		c := removable(item, now)
		writes[i].Delete = &types.Delete{
			TableName:                 &t.name,
			Key:                       keyOf(item.Key),
			ConditionExpression:       &c.expression,
			ExpressionAttributeNames:  c.names,
			ExpressionAttributeValues: c.values,
		}
	}
	return t.transact(ctx, op, writes, func([]types.CancellationReason) bool { return false })
}

func (t *Table) deleteOne(ctx context.Context, op string, item store.Item, now time.Time) error {
	c := removable(item, now)
	_, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                 &t.name,
		Key:                       keyOf(item.Key),
		ConditionExpression:       &c.expression,
		ExpressionAttributeNames:  c.names,
		ExpressionAttributeValues: c.values,
	}, t.retry)
	if _, changed := errors.AsType[*types.ConditionalCheckFailedException](err); changed {
		return store.ErrChanged
	}
	if err != nil {
		return failed(ctx, op, err)
	}
	return nil
}

// transact writes all items or none. If a condition fails, landed decides from the stored items whether an earlier attempt has
// written them.
func (t *Table) transact(ctx context.Context, op string, writes []types.TransactWriteItem, landed func([]types.CancellationReason) bool) error {
	if len(writes) == 0 {
		return nil
	}
	_, err := t.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes}, t.retry)
	if err == nil {
		return nil
	}
	canceled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok || len(canceled.CancellationReasons) != len(writes) {
		return failed(ctx, op, err)
	}
	for _, reason := range canceled.CancellationReasons {
		if !holds(reason) && aws.ToString(reason.Code) != "ConditionalCheckFailed" {
			return failed(ctx, op, err)
		}
	}
	if landed(canceled.CancellationReasons) {
		return nil
	}
	return store.ErrChanged
}

// holds reports whether the item's condition held, so that another item canceled the transaction.
func holds(reason types.CancellationReason) bool { return aws.ToString(reason.Code) == "None" }

// landed reports whether the stored item is the result of a Put of this item.
func landed(item store.Item, stored attributes) bool {
	found, err := itemOf(stored)
	return err == nil && item.Becomes(found)
}
