import { createSession } from "../../shared/azure/sql/session.ts";
import { createSql } from "../../shared/azure/sql.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import { createSqlPort } from "../../simulator/azure/port/sql-port.ts";
import { createTdsService } from "../../simulator/azure/tds/tds-service.ts";
import { portsOnTheWire } from "./ports-on-the-wire.ts";
import { sqlContract } from "./sql.contract.ts";

sqlContract("sql, simulated at the port", ({ world }, site) => createSqlPort(world, site));

sqlContract("sql, real adapter over a socket", ({ world, clock }, site) => {
  const service = createTdsService(world, site, { hold: (work) => clock.hold(work) });
  return createSql({
    credential: { kind: "token", credential: createSimulatedCredential(world, site) },
    clock,
    connect: { dial: service.dial, encryption: service.encryption },
    createSession,
  });
});

sqlContract("sql, real adapter as in npm start", (lab, site) => portsOnTheWire(lab, site).sql);
