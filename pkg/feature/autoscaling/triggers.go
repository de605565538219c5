package autoscaling

import (
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// triggers returns KEDA's triggers.
func triggers(t *view.Target, k *model.KEDA) part.List {
	var out part.List
	for i := range k.Triggers {
		trigger := &k.Triggers[i]
		kind, parameters := typed(trigger)
		metadata := part.Map{}
		for name, v := range parameters {
			if v != "" {
				metadata[name] = v
			}
		}
		for name, v := range trigger.Metadata {
			metadata[name] = v
		}
		x := part.Fields(part.Map{"type": kind, "name": trigger.Name, "metricType": metricType(trigger), "useCachedMetrics": trigger.UseCachedMetrics})
		x["metadata"] = metadata // required, even if it is empty
		if a := trigger.Authentication; a != nil {
			ref := part.Map{"name": authentication(t, *trigger), "kind": "TriggerAuthentication"}
			if a.Existing != nil {
				ref = part.Map{"name": a.Existing.Name, "kind": a.Existing.Kind}
			}
			x["authenticationRef"] = ref
		}
		out = append(out, x)
	}
	return out
}

// metricType returns the type of a trigger's metric; "" for KEDA's own.
func metricType(t *model.KEDATrigger) string {
	for _, r := range []*model.KEDAResource{t.CPU, t.Memory} {
		switch {
		case r == nil:
		case r.AverageValue != nil:
			return "AverageValue"
		default:
			return "Utilization"
		}
	}
	return t.MetricType
}

// typed returns the type of a trigger, and its parameters; "" is one that nobody
// set.
func typed(t *model.KEDATrigger) (string, map[string]string) {
	switch {
	case t.CPU != nil:
		return "cpu", resourceParameters(t.CPU)
	case t.Memory != nil:
		return "memory", resourceParameters(t.Memory)
	case t.Cron != nil:
		c := t.Cron
		return "cron", map[string]string{
			"timezone": c.TimeZone, "start": c.Start, "end": c.End, "desiredReplicas": strconv.Itoa(int(c.DesiredReplicas))}
	case t.Prometheus != nil:
		p := t.Prometheus
		return "prometheus", map[string]string{
			"serverAddress": p.ServerAddress, "query": p.Query, "threshold": p.Threshold, "activationThreshold": p.ActivationThreshold,
			"namespace": p.Namespace, "ignoreNullValues": truth(p.IgnoreNullValues), "authModes": strings.Join(p.AuthModes, ",")}
	case t.Kafka != nil:
		return "kafka", kafkaParameters(t.Kafka)
	case t.RabbitMQ != nil:
		q := t.RabbitMQ
		return "rabbitmq", map[string]string{
			"host": q.Host, "hostFromEnv": q.HostFromEnv, "queueName": q.QueueName, "vhostName": q.VHostName, "protocol": q.Protocol,
			"mode": q.Mode, "value": q.Value, "activationValue": q.ActivationValue, "excludeUnacknowledged": truth(q.ExcludeUnacknowledged)}
	case t.AWSSQS != nil:
		q := t.AWSSQS
		return "aws-sqs-queue", map[string]string{
			"queueURL": q.QueueURL, "queueURLFromEnv": q.QueueURLFromEnv, "awsRegion": q.AWSRegion, "queueLength": count(q.QueueLength),
			"activationQueueLength": count(q.ActivationQueueLength), "scaleOnInFlight": truth(q.ScaleOnInFlight), "scaleOnDelayed": truth(q.ScaleOnDelayed)}
	}
	return t.Type, nil
}

func resourceParameters(r *model.KEDAResource) map[string]string {
	out := map[string]string{"containerName": r.Container}
	switch {
	case r.AverageValue != nil:
		out["value"] = r.AverageValue.String()
	case r.Utilization != nil:
		out["value"] = strconv.Itoa(int(*r.Utilization))
	}
	return out
}

func kafkaParameters(k *model.KEDAKafka) map[string]string {
	out := map[string]string{
		"bootstrapServers": strings.Join(k.BootstrapServers, ","), "consumerGroup": k.ConsumerGroup, "topic": k.Topic,
		"lagThreshold": count(k.LagThreshold), "activationLagThreshold": count(k.ActivationLagThreshold),
		"offsetResetPolicy": k.OffsetResetPolicy, "allowIdleConsumers": truth(k.AllowIdleConsumers),
		"excludePersistentLag": truth(k.ExcludePersistentLag), "version": k.Version, "sasl": k.SASL,
	}
	if k.TLS != nil {
		out["tls"] = map[bool]string{true: "enable", false: "disable"}[*k.TLS]
	}
	return out
}

// parameters returns the names of the parameters that a trigger has, wherever they
// come from.
func parameters(t *model.KEDATrigger) map[string]bool {
	out := map[string]bool{}
	_, own := typed(t)
	for _, m := range []map[string]string{own, t.Metadata} {
		for name, v := range m {
			out[name] = v != ""
		}
	}
	if t.Authentication != nil {
		for _, s := range t.Authentication.Secrets {
			out[s.Parameter] = true
		}
	}
	return out
}

// truth returns a parameter that is true or false.
func truth(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// count returns a parameter that is a number.
func count(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// number returns a number of an object, or nothing.
func number(n *int32) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}
