package autoscaling

import (
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// layerTriggers checks the triggers of a layer.
func (c checker) layerTriggers(at fieldpath.Path, triggers []model.KEDATrigger) {
	seen := map[string]bool{}
	for _, t := range triggers {
		below := at.Key(t.Name)
		c.Label(below.Field("name"), t.Name, 63)
		c.Unique(seen, below, t.Name)
		c.ExactlyOne(below, "one", kinds(t), 0)
		if t.RabbitMQ != nil {
			c.ExactlyOne(below.Field("rabbitmq"), "one", map[string]bool{"host": t.RabbitMQ.Host != "", "hostFromEnv": t.RabbitMQ.HostFromEnv != ""}, 0)
		}
		if t.AWSSQS != nil {
			c.ExactlyOne(below.Field("awsSQS"), "one", map[string]bool{"queueURL": t.AWSSQS.QueueURL != "", "queueURLFromEnv": t.AWSSQS.QueueURLFromEnv != ""}, 0)
		}
		c.layerResource(below.Field("cpu"), t.CPU)
		c.layerResource(below.Field("memory"), t.Memory)
	}
}

func (c checker) layerResource(at fieldpath.Path, r *model.KEDAResource) {
	if r != nil {
		c.ExactlyOne(at, "at most one", map[string]bool{"utilization": r.Utilization != nil, "averageValue": r.AverageValue != nil}, 0)
	}
}

// kinds tells which kinds a trigger has.
func kinds(t model.KEDATrigger) map[string]bool {
	return map[string]bool{"cpu": t.CPU != nil, "memory": t.Memory != nil, "cron": t.Cron != nil, "prometheus": t.Prometheus != nil,
		"kafka": t.Kafka != nil, "rabbitmq": t.RabbitMQ != nil, "awsSQS": t.AWSSQS != nil, "type": t.Type != ""}
}

// trigger checks a trigger of a target.
func (c checker) trigger(at fieldpath.Path, t *view.Target, x *model.KEDATrigger) {
	c.ExactlyOne(at, "one", kinds(*x), 1)
	if isResource(*x) && x.MetricType != "" {
		c.Errorf("invalid-value", at.Field("metricType"), "remove it, and set utilization or averageValue", "cpu and memory set the type of their metric themselves")
	} else {
		c.oneOf(at.Field("metricType"), x.MetricType, []string{"", "AverageValue", "Value"})
	}
	c.requested(at.Field("cpu"), t, x.CPU, "cpu")
	c.requested(at.Field("memory"), t, x.Memory, "memory")
	c.authentication(at.Field("authentication"), t, x.Authentication)
	c.cron(at.Field("cron"), x.Cron)
	c.queues(at, x)
}

// cron checks the schedules of a trigger.
func (c checker) cron(at fieldpath.Path, x *model.KEDACron) {
	if x == nil {
		return
	}
	schedules := map[string]string{"start": x.Start, "end": x.End}
	for _, name := range feature.SortedKeys(schedules) {
		if s := schedules[name]; !feature.IsCron(s) {
			c.Errorf("keda-cron", at.Field(name), `write five fields, as in "0 6 * * 1-5"`, "%q is not a schedule", s)
		}
	}
	if x.Start == x.End && x.Start != "" {
		c.Errorf("keda-cron", at.Field("end"), "choose a later time", "start and end are the same")
	}
	if x.DesiredReplicas < 1 {
		c.Errorf("keda-cron", at.Field("desiredReplicas"), "add the number of pods from start to end; before and after, minReplicas applies",
			"the trigger asks for no pods")
	}
}

// queues checks the parameters of sources.
func (c checker) queues(at fieldpath.Path, x *model.KEDATrigger) {
	given := parameters(x)
	if p := x.Prometheus; p != nil {
		below := at.Field("prometheus")
		c.required(below, map[string]string{"serverAddress": p.ServerAddress, "query": p.Query, "threshold": p.Threshold})
		c.numbers(below, map[string]string{"threshold": p.Threshold, "activationThreshold": p.ActivationThreshold})
		for _, mode := range p.AuthModes {
			c.oneOf(below.Field("authModes"), mode, []string{"bearer", "basic", "tls", "custom"})
		}
	}
	if k := x.Kafka; k != nil {
		below := at.Field("kafka")
		c.required(below, map[string]string{"bootstrapServers": strings.Join(k.BootstrapServers, ","), "consumerGroup": k.ConsumerGroup})
		c.oneOf(below.Field("offsetResetPolicy"), k.OffsetResetPolicy, []string{"", "latest", "earliest"})
		c.oneOf(below.Field("sasl"), k.SASL, []string{"", "none", "plaintext", "scram_sha256", "scram_sha512", "gssapi", "oauthbearer"})
	}
	if q := x.RabbitMQ; q != nil {
		below := at.Field("rabbitmq")
		c.required(below, map[string]string{"queueName": q.QueueName, "value": q.Value})
		c.numbers(below, map[string]string{"value": q.Value, "activationValue": q.ActivationValue})
		c.oneOf(below.Field("protocol"), q.Protocol, []string{"", "auto", "http", "amqp"})
		c.oneOf(below.Field("mode"), q.Mode,
			[]string{"QueueLength", "MessageRate", "DeliverGetRate", "PublishedToDeliveredRatio", "ExpectedQueueConsumptionTime"})
		if !given["host"] && !given["hostFromEnv"] {
			c.Errorf("missing-value", below.Field("host"), "add host or hostFromEnv, or the parameter host to authentication", "the trigger has no host")
		}
	}
	if q := x.AWSSQS; q != nil {
		below := at.Field("awsSQS")
		c.required(below, map[string]string{"awsRegion": q.AWSRegion})
		if !given["queueURL"] && !given["queueURLFromEnv"] {
			c.Errorf("missing-value", below.Field("queueURL"), "add queueURL or queueURLFromEnv", "the trigger has no queue")
		}
	}
}

// required checks that fields have a value.
func (c checker) required(at fieldpath.Path, fields map[string]string) {
	for _, name := range feature.SortedKeys(fields) {
		if fields[name] == "" {
			c.Errorf("missing-value", at.Field(name), "add it", "%s is missing", name)
		}
	}
}

// numbers checks that fields that have a value hold numbers.
func (c checker) numbers(at fieldpath.Path, fields map[string]string) {
	for _, name := range feature.SortedKeys(fields) {
		if _, err := strconv.ParseFloat(fields[name], 64); err != nil && fields[name] != "" {
			c.Errorf("invalid-value", at.Field(name), `write a number, as in "10.5"`, "%q is not a number", fields[name])
		}
	}
}
