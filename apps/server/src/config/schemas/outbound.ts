import { Type } from 'typebox';
import { isOutboundNetwork } from '../../policy/index.ts';
import { section } from '../setting.ts';

const network = Type.Refine(
  Type.String({ expects: 'an IP address, or a network such as 10.1.0.0/16' }),
  isOutboundNetwork,
);

export const outbound = section(
  {
    allow_http: Type.Boolean({
      description: 'Whether endpoints, health checks and webhooks may be plain http; only for trials.',
      default: false,
    }),
    allow_loopback: Type.Boolean({
      description: "Whether they may be on the server's own machine, as in the examples.",
      default: true,
    }),
    allow_private: Type.Boolean({
      description: 'Whether they may have private addresses (RFC 1918, RFC 6598, RFC 4193).',
      default: true,
    }),
    allow_link_local: Type.Boolean({
      description: 'Whether they may have link-local addresses; those of cloud metadata are refused always.',
      default: false,
    }),
    denied_networks: Type.Array(network, {
      description: 'Networks that are never called, whatever else is allowed.',
      default: [],
      maxItems: 1000,
      uniqueItems: true,
      examples: [['10.9.0.0/16']],
    }),
  },
  'Which addresses the server may call when services or webhooks name them.',
);
