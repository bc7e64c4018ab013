/* The production and sales model by hand: variables in the order in which they can be computed. */
#include "bench.h"

enum { STEPS = 1600, EVERY = 8, ROWS = STEPS / EVERY + 1, WIDTH = 84, PIPELINE = 104 };

typedef struct {
    double start, stop, dt;
    double base_demand, demand_step, step_week, competitors_price, normal_delay, perception_time;
    double scrap_fraction, desired_coverage, planning_time, inventory_correction, backlog_correction, productivity;
    double hiring_time, normal_stay, layoff_time, workforce_correction, markup, wage;
    double machine_cost;
    double y_price[5], x_delay[6], y_delay[6], y_reputation[5], x_stockouts[6], y_stockouts[6], y_pressure[5];
    double y_overtime[5], y_equipment[5], y_quality[5], x_service[4], y_service[4], y_coverage[5];
} Params;

#define DEFAULTS \
    {0.0, 200.0, 0.125, \
     1000.0, 0.1, 20.0, 20.0, 2.0, 8.0, 0.0, 4.0, 6.0, 8.0, 4.0, 10.0, 9.0, 100.0, 20.0, 10.0, 1.25, 140.0, 20.0, \
     {1.6, 1.3, 1.0, 0.75, 0.55}, \
     {0.0, 0.5, 1.0, 2.0, 3.0, 5.0}, \
     {1.15, 1.1, 1.0, 0.85, 0.65, 0.4}, \
     {0.3, 0.7, 1.0, 1.2, 1.3}, \
     {0.0, 0.25, 0.5, 0.75, 1.0, 2.0}, \
     {0.0, 0.55, 0.85, 0.96, 1.0, 1.0}, \
     {0.5, 0.75, 1.0, 1.2, 1.3}, \
     {0.8, 0.9, 1.0, 1.4, 2.2}, \
     {0.2, 0.7, 1.0, 1.1, 1.15}, \
     {1.1, 1.05, 1.0, 0.85, 0.6}, \
     {0.0, 1.0, 2.0, 4.0}, \
     {1.05, 1.0, 0.9, 0.6}, \
     {1.3, 1.12, 1.0, 0.92, 0.9}}

static __attribute__((noinline)) void run(const Params *p, double *row) {
    double backlog = p->normal_delay * p->base_demand, inventory = p->desired_coverage * p->base_demand;
    double workforce = p->base_demand / p->productivity, equipment = 100.0, price = 20.0, cash = 50000.0;
    double produced = 0.0, shipped = 0.0, ordered = 0.0, hired = 0.0, left = 0.0, earned = 0.0, spent = 0.0;
    double perceived = p->normal_delay, fat = 1.0, rep1 = 1.0, rep2 = 1.0;
    double eo1, eo2, eo3, l1, l2, l3, ring[PIPELINE];
    int head = 0;
    /* The firm starts in balance: no step has happened, every effect is 1. */
    {
        double first = p->base_demand * lookup_even(p->y_price, 5, 0.5, 0.25, price / p->competitors_price) *
                       lookup(p->x_delay, p->y_delay, 6, 1.0) * lookup_even(p->y_reputation, 5, 0.0, 0.5, rep2);
        eo1 = eo2 = eo3 = fmax(0.0, first);
        double desired = fmax(0.0, eo3 + (p->desired_coverage * eo3 - inventory) / p->inventory_correction +
                                       (backlog - p->normal_delay * eo3) / p->backlog_correction);
        double quits = workforce / p->normal_stay * lookup_even(p->y_overtime, 5, 0.0, 0.5, fat);
        double recruits = fmax(0.0, quits + (desired / p->productivity - workforce) / p->workforce_correction);
        l1 = l2 = l3 = recruits * p->hiring_time / 3.0;
        for (int i = 0; i < PIPELINE; i++) ring[i] = fmax(0.0, equipment / 200.0 + (workforce - equipment) / 26.0);
    }
    for (long i = 0; i <= STEPS; i++) {
        double t = p->start + (double)i * p->dt;
        double market_demand = p->base_demand * (1.0 + (t + 0.5 * p->dt > p->step_week ? p->demand_step : 0.0));
        double effect_of_price = lookup_even(p->y_price, 5, 0.5, 0.25, price / p->competitors_price);
        double perceived_delay = perceived;
        double effect_of_delay = lookup(p->x_delay, p->y_delay, 6, perceived_delay / p->normal_delay);
        double reputation = rep2;
        double effect_of_reputation = lookup_even(p->y_reputation, 5, 0.0, 0.5, reputation);
        double order_rate_wanted = market_demand * effect_of_price * effect_of_delay * effect_of_reputation;
        double orders = fmax(0.0, order_rate_wanted);
        double desired_shipments = backlog / p->normal_delay;
        double coverage = desired_shipments == 0.0 ? 100.0 : inventory / desired_shipments;
        double effect_of_stockouts = lookup(p->x_stockouts, p->y_stockouts, 6, coverage / p->desired_coverage);
        double expected_orders = eo3;
        double inventory_gap = p->desired_coverage * expected_orders - inventory;
        double backlog_gap = backlog - p->normal_delay * expected_orders;
        double desired_production = fmax(0.0, expected_orders + inventory_gap / p->inventory_correction + backlog_gap / p->backlog_correction);
        double normal_production = workforce * p->productivity;
        double schedule_pressure = desired_production / normal_production;
        double effect_of_pressure = lookup_even(p->y_pressure, 5, 0.0, 0.5, schedule_pressure);
        double effect_of_equipment = lookup_even(p->y_equipment, 5, 0.0, 0.5, equipment / workforce);
        double production = workforce * p->productivity * effect_of_pressure * effect_of_equipment;
        double left_over = inventory / p->dt + production;
        double shipments = fmin(desired_shipments * effect_of_stockouts, left_over);
        double scrapping = fmin(inventory * p->scrap_fraction, left_over - shipments);
        double order_fulfilment = shipments;
        double delivery_delay = shipments == 0.0 ? 0.0 : backlog / shipments;
        double fatigue = fat;
        double effect_of_overtime = lookup_even(p->y_overtime, 5, 0.0, 0.5, fatigue);
        double quitting = workforce / p->normal_stay * effect_of_overtime;
        double desired_workforce = desired_production / p->productivity;
        double workforce_gap = desired_workforce - workforce;
        double recruiting = fmax(0.0, quitting + workforce_gap / p->workforce_correction);
        double d_hire = p->hiring_time / 3.0;
        double h1 = l1 / d_hire;
        double h2 = l2 / d_hire;
        double hiring = l3 / d_hire;
        double layoffs = fmax(0.0, workforce_gap < 0.0 ? -workforce_gap / p->layoff_time : 0.0);
        double wear = equipment / 200.0;
        double equipment_orders = fmax(0.0, wear + (workforce - equipment) / 26.0);
        double installation = ring[head];
        double quality = lookup_even(p->y_quality, 5, 0.0, 0.5, fatigue);
        double effect_of_service = lookup(p->x_service, p->y_service, 4, delivery_delay / p->normal_delay);
        double effect_of_coverage = lookup_even(p->y_coverage, 5, 0.0, 0.5, coverage / p->desired_coverage);
        double unit_cost = (p->wage * workforce + p->machine_cost * equipment) / normal_production;
        double desired_price = unit_cost * p->markup * effect_of_coverage;
        double price_change = (desired_price - price) / 13.0;
        double revenue = shipments * price;
        double spending = p->wage * workforce + p->machine_cost * equipment;
        double leaving = quitting + layoffs;
        if (i % EVERY == 0) {
            row[0] = t;
            row[1] = p->dt;
            row[2] = p->start;
            row[3] = p->stop;
            row[4] = backlog;
            row[5] = inventory;
            row[6] = workforce;
            row[7] = equipment;
            row[8] = price;
            row[9] = cash;
            row[10] = produced;
            row[11] = shipped;
            row[12] = ordered;
            row[13] = hired;
            row[14] = left;
            row[15] = earned;
            row[16] = spent;
            row[17] = market_demand;
            row[18] = effect_of_price;
            row[19] = perceived_delay;
            row[20] = effect_of_delay;
            row[21] = reputation;
            row[22] = effect_of_reputation;
            row[23] = order_rate_wanted;
            row[24] = orders;
            row[25] = desired_shipments;
            row[26] = coverage;
            row[27] = effect_of_stockouts;
            row[28] = expected_orders;
            row[29] = inventory_gap;
            row[30] = backlog_gap;
            row[31] = desired_production;
            row[32] = normal_production;
            row[33] = schedule_pressure;
            row[34] = effect_of_pressure;
            row[35] = effect_of_equipment;
            row[36] = production;
            row[37] = shipments;
            row[38] = scrapping;
            row[39] = order_fulfilment;
            row[40] = delivery_delay;
            row[41] = fatigue;
            row[42] = effect_of_overtime;
            row[43] = quitting;
            row[44] = desired_workforce;
            row[45] = workforce_gap;
            row[46] = recruiting;
            row[47] = hiring;
            row[48] = layoffs;
            row[49] = wear;
            row[50] = equipment_orders;
            row[51] = installation;
            row[52] = quality;
            row[53] = effect_of_service;
            row[54] = effect_of_coverage;
            row[55] = unit_cost;
            row[56] = desired_price;
            row[57] = price_change;
            row[58] = revenue;
            row[59] = spending;
            row[60] = leaving;
            row[61] = inventory + shipped - produced;
            row[62] = backlog + shipped - ordered;
            row[63] = workforce + left - hired;
            row[64] = cash + spent - earned;
            row[65] = p->base_demand;
            row[66] = p->demand_step;
            row[67] = p->step_week;
            row[68] = p->competitors_price;
            row[69] = p->normal_delay;
            row[70] = p->perception_time;
            row[71] = p->scrap_fraction;
            row[72] = p->desired_coverage;
            row[73] = p->planning_time;
            row[74] = p->inventory_correction;
            row[75] = p->backlog_correction;
            row[76] = p->productivity;
            row[77] = p->hiring_time;
            row[78] = p->normal_stay;
            row[79] = p->layoff_time;
            row[80] = p->workforce_correction;
            row[81] = p->markup;
            row[82] = p->wage;
            row[83] = p->machine_cost;
            row += WIDTH;
        }
        double dt = p->dt, d_plan = p->planning_time / 3.0, d_rep = 26.0 / 2.0;
        backlog += dt * (orders - order_fulfilment);
        inventory += dt * (production - shipments - scrapping);
        workforce += dt * (hiring - quitting - layoffs);
        equipment += dt * (installation - wear);
        price += dt * price_change;
        cash += dt * (revenue - spending);
        produced += dt * production;
        shipped += dt * shipments;
        ordered += dt * orders;
        hired += dt * hiring;
        left += dt * leaving;
        earned += dt * revenue;
        spent += dt * spending;
        perceived += dt * (delivery_delay - perceived) / p->perception_time;
        fat += dt * (schedule_pressure - fat) / 12.0;
        double service = quality * effect_of_service, rep_rate = (service - rep1) / d_rep;
        rep2 += dt * (rep1 - rep2) / d_rep;
        rep1 += dt * rep_rate;
        double eo_rate = (orders - eo1) / d_plan, eo_rate2 = (eo1 - eo2) / d_plan;
        eo3 += dt * (eo2 - eo3) / d_plan;
        eo2 += dt * eo_rate2;
        eo1 += dt * eo_rate;
        l1 += dt * (recruiting - h1);
        l2 += dt * (h1 - h2);
        l3 += dt * (h2 - hiring);
        ring[head] = equipment_orders;
        head = head + 1 == PIPELINE ? 0 : head + 1;
    }
}

BENCH_MAIN(Params, ROWS, WIDTH, run)
