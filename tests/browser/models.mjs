// Models that are large or slow, for the tests of pages.

function model(name, specs, variables) {
  const head = `<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><name>${name}</name></header>`;
  return `${head}<sim_specs time_units="month">${specs}</sim_specs><model><variables>${variables.join("\n")}</variables></model></xmile>`;
}

/** Six variables for each of `n` stocks. */
export function largeModel(n, stop) {
  const variables = Array.from({ length: n }, (_, i) => [
    `<stock name="stock ${i}"><eqn>${10 + i}</eqn><inflow>in ${i}</inflow><outflow>out ${i}</outflow><units>unit</units></stock>`,
    `<flow name="in ${i}"><eqn>rate_${i}*stock_${i}*0.1</eqn></flow>`,
    `<flow name="out ${i}"><eqn>stock_${i}/life_${i}</eqn></flow>`,
    `<aux name="rate ${i}"><eqn>0.${10 + i}</eqn></aux>`,
    `<aux name="life ${i}"><eqn>${20 + i}</eqn></aux>`,
    `<aux name="sum ${i}"><eqn>stock_${i} + stock_${(i + 1) % n}*SIN(TIME/10)</eqn></aux>`,
  ]);
  return model("Three hundred variables", `<start>0</start><stop>${stop}</stop><dt>1</dt>`, variables.flat());
}

/** A run of some million steps, of which few are saved: slow on every machine. */
export function slowModel() {
  const variables = [
    '<stock name="angle"><eqn>1</eqn><inflow>turning</inflow></stock>',
    '<flow name="turning"><eqn>speed</eqn></flow>',
    '<stock name="speed"><eqn>0</eqn><inflow>falling</inflow></stock>',
    '<flow name="falling"><eqn>-pull*SIN(angle) - EXP(-TIME)*speed/100</eqn></flow>',
    '<aux name="pull"><eqn>1</eqn></aux>',
  ];
  return model("Pendulum", "<start>0</start><stop>3000</stop><dt>0.001</dt>", variables).replace("<sim_specs", '<sim_specs xmlns:isee="http://iseesystems.com/XMILE" isee:save_interval="10"');
}

/** Two conveyors, on which what enters after the time 9.6 would be on its way for ever when `way` is below 3. */
export function conveyorModel() {
  const variables = [
    '<aux name="way"><eqn>4</eqn></aux>',
    '<aux name="load"><eqn>3</eqn></aux>',
    '<stock name="belt"><dimensions><dim name="Line"/></dimensions><eqn>6</eqn><inflow>entering</inflow><outflow>leaving</outflow><conveyor><len>way + Line/2 + (IF TIME &gt; 9.6 AND way &lt; 3 THEN 10000000 ELSE 0)</len></conveyor></stock>',
    '<flow name="entering"><dimensions><dim name="Line"/></dimensions><eqn>load*Line</eqn></flow>',
    '<flow name="leaving"><dimensions><dim name="Line"/></dimensions></flow>',
  ];
  const dimensions = '<dimensions><dim name="Line"><elem name="fast"/><elem name="slow"/></dim></dimensions><model>';
  return model("Belts", "<start>0</start><stop>12</stop><dt>0.5</dt>", variables).replace("<model>", dimensions);
}
