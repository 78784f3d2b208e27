import { readFileSync } from "node:fs";
const root=process.argv[2];
const { judgeIncidentFile } = await import(root+"/judge/judge-incident-file.ts");
const { parseIncidentFiles } = await import(root+"/judge/parse-incident-files.ts");
const { incidentFiles } = parseIncidentFiles(readFileSync(root+"/test/incident-files/catalogue.json","utf8"),"c");
const t0=process.cpuUsage();
for (const f of incidentFiles){ const a=process.cpuUsage(); const r=await judgeIncidentFile(f,{}); const u=process.cpuUsage(a); console.log(f.id,r.ok,Math.round((u.user+u.system)/1000)); }
const u=process.cpuUsage(t0);console.log('total',(u.user+u.system)/1000);
